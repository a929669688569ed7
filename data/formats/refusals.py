"""Why a file is refused: every sentence in one place, each with what was looked for and what would work."""

from data.errors import WorkbookRejected

SENTENCES = {
    "empty": "是空文件（0字节），里面没有考评表。请确认文件已保存完整，再重新上传。",
    "too_large": "有{found}MB，超过{limit}MB的上限。请删去图片或只保留考评表所在的工作表，另存为.xlsx后再上传。",
    "picture": "是图片，不是表格，读不出单元格。请上传考评表的.xlsx、.xls、.et、.ods或.csv原件。",
    "pdf": "是PDF文件，读不出单元格。请上传生成该PDF的电子表格原件（.xlsx、.xls、.et、.ods或.csv）。",
    "word": "是文字处理文档，不是电子表格。请把其中的考评表复制到空白工作簿，另存为.xlsx后再上传。",
    "presentation": "是演示文稿，不是电子表格。请上传考评表的.xlsx、.xls、.et、.ods或.csv原件。",
    "html": "内容是网页（HTML），只是改了扩展名。请用Excel或WPS打开后“另存为”.xlsx，再上传。",
    "xml": "内容是XML文本（如“XML电子表格2003”）。请用Excel或WPS打开后“另存为”.xlsx，再上传。",
    "archive": "是压缩包，里面没有找到工作簿的内容。请先解压，再上传其中的考评表文件。",
    "nested": "是压缩包里的压缩包里的压缩包，没有再往里打开。请把里面的文件取出来，再上传。",
    "entries": "里面有超过{limit}个条目。请分成几个压缩包，再上传。",
    "method": "用了不能读的压缩方法。请重新打包为普通的zip，或直接选文件，再上传。",
    "too_many": "起的{left}个文件没有读：一次最多读{files}份、合计{limit}MB。其余的请下一批再上传。",
    "xlsb": "是二进制工作簿（.xlsb）。请用Excel或WPS打开后“另存为”.xlsx，再上传。",
    "unknown": "开头的字节不属于任何一种可读的表格（.xlsx、.xls、.et、.ods、.csv）。请用Excel或WPS打开原件，另存为.xlsx后再上传。",
    "encoding": "看作文本时，UTF-8、UTF-16和GB18030编码都读不通。请用Excel或WPS打开原件，另存为.xlsx后再上传。",
    "password": "设有打开密码，读不到内容。请打开后取消密码（文件—信息—保护工作簿），保存后再上传。",
    "macro": "含有宏（VBA或宏表）。为安全起见不读取带宏的文件：请“另存为”不带宏的.xlsx后再上传，数据不受影响。",
    "damaged": "已损坏或没有传完整：{where}读不通。请重新从原处复制一份，或用Excel、WPS打开修复并另存为.xlsx后再上传。",
    "empty_table": "里面只有空单元格，没有找到考评表的内容。请确认保存的是有内容的工作表，再重新上传。",
    "no_sheet": "里面没有工作表（可能只有图表）。请上传含有考评表的工作簿。",
    "parts": "内部有{found}个部件，超过{limit}个的上限。请删去图片和对象，另存为.xlsx后再上传。",
    "duplicate_part": "内部结构异常：部件“{part}”出现了两次。请用Excel或WPS打开后另存为.xlsx，再上传。",
    "unpacked": "解压后超过{limit}MB的上限。请只保留考评表所在的工作表，另存为.xlsx后再上传。",
    "dtd": "内部部件“{part}”带有DTD（实体定义），正常的表格不会有。请用Excel或WPS打开后另存为.xlsx，再上传。",
    "far_cell": "工作表“{sheet}”的{cell}处还有内容，超出了可读的{rows}行×{columns}列。请删去该处内容，或只保留考评表，另存后再上传。",
    "cells": "工作表“{sheet}”的内容一直延伸到{cell}，各表合计超过{limit}万个单元格的上限。请删去远处的零散内容，另存后再上传。",
    "merges": "工作表“{sheet}”有超过{limit}个合并区域。请取消考评表以外的合并单元格，另存后再上传。",
    "covered": "工作表“{sheet}”的合并区域重叠或过大，合计盖住超过{limit}万个单元格。请取消多余的合并，另存后再上传。",
    "duration": "工作表“{sheet}”里有按时长显示（如[h]:mm）的数大得不是时长，多半是电话号码。请把该列改成“常规”格式，保存后再上传。",
    "markup": "内部的单元格标记过多（包括只设了格式的空单元格）。请把考评表复制到空白工作簿，另存为.xlsx后再上传。",
    "too_much_text": "各单元格的文字合计超过{limit}MB的上限。请只保留考评表所在的工作表，另存后再上传。",
    "memory": "读取所需的内存超过{limit}MB的上限，已停止读取。请把考评表复制到空白工作簿，另存为.xlsx后再上传。",
    "timeout": "在{limit}秒内没有读完，已停止读取。请把考评表复制到空白工作簿，另存为.xlsx后再上传。",
    "crashed": "让读取程序中途退出，多半是内容已损坏或过于庞大。请把考评表复制到空白工作簿，另存为.xlsx后再上传。",
    "no_process": "暂时无法读取：服务器没能启动读取程序。请稍后再上传；若一再出现，请告诉管理员。",
}


def refused(code: str, **facts: object) -> WorkbookRejected:
    """Return the refusal with this code; its sentence goes on from the file's name."""
    return WorkbookRejected(code, SENTENCES[code].format(**facts))
