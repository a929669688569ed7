"""What a figure counts: the noun before it (圆桌会议2场), or after it where only a verb stands before (审核4份文件).

A promise is a verb, a noun and a figure, in one of two orders: 新增跨境电商海外仓超100个, 打造超10条跨境电商产业链. The noun is
what stands between the clause's last verb and the figure; where nothing does, what follows the figure. Everything is
read in a window beside the figure, so that a text of any length takes linear time. Positions are those of the text.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from scoring.quantities import DATE, NAME

# Verbs that never stand inside a noun: the noun begins after the last of them.
_STRONG = (
    r"举办|承办|协办|召开|举行|开展|策划|组织(?<![会党层务作业际团]组织)|参加|参与(?!人)|邀请|联合(?!会|体|国)|配合|实施|启动|"
    r"实现|完成|达成|促成|推动|推进(?!会)|促进(?!会|中心)|引导(?!员)|鼓励|支持|帮助|协助|指导(?!员|站|中心|意见|目录)|督促|确保|力争|争取|努力|保持|维持|"
    r"新增(?:纳统|入统|入库)|新增(?!就业(?!岗位))|净增加?|新开工|新(?:开通|备案|缔结|签约|入库|投放|上线|开业|设立|设(?!备|施|计))|新改建|新改扩建|改扩建|新建(?!建筑|住宅|商品)|改建|扩建|续建|建成(?:投用|投产|开放|运营|通车|启用)?(?!区)|新登记|新认定|新注册|新发展|建立(?:健全)?|建设完成|构建|设立|打造|培育|培养|"
    r"引进|引育|招引|吸引|孵化(?!器|基地)|创建|争创|选树|选派|选聘|招聘(?!会)|招录|签约(?!项目|金额|服务)|签订|落实|提供|"
    r"收录|发布(?!会)|刊发|刊登|制发|发表|编发|印发|出台|制定|制订|修订|修改|起草|编写|编印|形成|撰写|编制|报送|推送|上报|推出|推介(?!会|活动)|落地(?!率)|推广(?!员|中心|站)|申报|获评|获批|获得|"
    r"接待(?!中心|站|日)|发放|筹集|发行|募集|安排|出动|归集|追回|追缴|输送|走进|缔结|消除|加装|提出|移送|撬动|查办|办好|抓好|做好|办成|挽回|选取|解决(?!方案|机制)|遴选|选定|选认|达成|惠及|投放|争取到|带动|惠及|覆盖(?!率|面)|用于|拨付|减免|盘活|征集|建档|立项"
)
# Verbs that are nouns as often: they are left out only where they begin the clause and a noun follows.
_WEAK = (
    r"投入(?!力度|强度|产出)|培训(?!班)|检查|抽检|抽查|检测|监测(?!点|站)|走访|慰问|拜访|调研|审核|审查|审批|整治|(?:综合)?治理|除险加固|改造|建设(?!用地|项目|资金|周期|成本)|"
    r"服务(?!业|贸易|外包|站|点|窗口|平台)|提升|提高|登记|修复|修缮|种植|播种|处置|查处|查获|破获|立案|侦破|打掉|评选|评定|认定|表彰|宣传|宣讲|"
    r"制作|拍摄|救助|资助|安置|转移(?!支付)|流转|回收|收储|供应|出让|清理|清退|拆除|腾退|淘汰|化解|办理|受理|调处|调解|"
    r"排查|发展|增加(?!值)|扩大|补充|创作|聘请|调整|整改|安装|配备|布设|更新|增设|辅导|扶持|帮扶|兑现|"
    r"压减|压降|压缩|降低|减少|缩短|开工|竣工|对接|储备|入库|采购|销售(?!额|收入)|组建|运营|开通|转化|攻克|投产|达产|投用|完善|升级|优化|梳理|轮换|开放|接收|健全|巩固|拓展|结对|复核|核查|关停|绿化|补植|增殖放流|办结(?!率)|公开(?!课|招聘)|恢复|征收|突破|命名"
)
_ADVERBS = (
    r"[一二三四五六七八九十]是|\d{1,2}[.、]|[①-⑳]|\([一二三四五六七八九十\d]{1,2}\)|"
    r"每[个家所](?:县\([^)]*\)|县区?|区县|乡镇|镇街?|村居?|社区|街道|学校|单位|支部|企业|科室|部门)|[上下]半年|(?:[一二三四]|前[两三])季度|"
    r"每个?(?:季度?|月度?|周|日|天|旬|半年|学期|两个?月|双月)|全年|年内|今年|本年度?|当年|年度|每年|到年底|年底前?|底前|全市|全省|全县|全区|我市|我局|我县|我区|本市|各县(?:\([^)]*\))?区?|"
    r"各地|各级|辖区内?|市直|线上线下|累计|合计|总计|共计|总共|预计|计划|拟|分别|"
    r"进一步|持续|积极|加快|大力|深入|切实|有序|稳步|全面|着力|不断|高质量|至少|更多|超额|其中|以及|同时|"
    r"将|均(?!衡)|各(?![类级项界族])|每(?![万千百])|共(?![同享建青有])|并(?![购网联])|和(?![平谐])|与|及(?!时)|或|、|的|"
    r"对(?![外口接台])|为(?!民|侨)|向|由|以(?![旧工赛])|把|在(?![建线校册库园编岗泉榕厦漳闽])|于|等(?!级)|让|使(?![用领])|\)|(?:按时|按期|及时|如期|主动)(?=办结|完成|公开|报送|处置)|从(?!业)|“|”|\s|·|-|—"
)
# Verbs that only ever open a clause, with what they are done to.
_OPENING = (
    r"撤[并销换]|开发(?!区|商)|[派进]驻|下[派沉达拨]|疏[浚通导散]|打通|拓宽|贯通|开[辟设办拓行]|认证|[复创编]排|[核颁换签]发|摧毁|捣毁|吊销|注销|止付|冻结|"
    r"清[收缴欠查运淤洗掏]|打捞|汇[聚编]|撮合|回笼|上[缴交]|引荐|推荐|采集|录入|更换|维[修护]|养护|抢[修救]|翻[建新]|迁建|[搬征]迁|征用|收[购集治养缴藏]|"
    r"看望|探访|寻访|关爱|[返退]还|补[缴建办贴种]|减征|缓缴|抓[获捕拍]|缉捕|劝[返导]|审[结定]|执结|接[入通]|架设|[铺敷]设|修[建筑]|加[固密宽挂开]|增[补聘配派开]|"
    r"[创兴]办|兴建|核[定准验销]|查[验封扣]|扣押|没收|处[罚理分]|问责|约谈|督[办查导]|勘[查界]|划[定转拨]|兑付|清偿|偿还|归还|置换|调[换运拨配]|运送|"
    r"[筹创]设|筹[措建办]|主办|组团|派[出遣]|选[送调拔任配]|[聘录]用|聘任|吸[纳收]|激活|消[化纳]|取[消缔得]|关闭|退出|整合|[归合兼]并|重组|改[善良进]|谋划|包装|"
    r"传承|摄制|播[出放]|展出|认[领养捐]|包联|帮带|普及|讲解|解答|[答回]复|回访|[转交]办|破[除解]|荣获|斩获|摘得|赢得|保障(?!性|房|水平|能力|体系)|配建|搭建|"
    r"复[耕绿垦]|[美亮硬净]化|废止|交付|撤回|受让|转让|点对点|刻制|翻译|承接"
)
# 审批时限, 调研报告, 抽检合格率: what is a verb elsewhere is the beginning of a noun here.
_NOUN_NEXT = (
    r"(?:时限|环节|时间|报告|事项|人员|人数|队伍|能力|质量|效率|经费|成本|课程|基地|系统|机制|案例|收入|量|额|合格|覆盖|达标|面积|比例|比率|规模|强度|标准(?!厂房|化)|合同|"
    r"[一-龥]{0,3}率)"
)
# After these a weak verb is a verb still: 推动【改造】老旧小区, but 刊发宣传稿件.
_PASSING = (
    r"(?:推动|推进|促进|组织|完成|实施|力争|争取|确保|实现|帮助|支持|协助|引导|鼓励|督促|指导|启动|努力|参与|配合|联合|"
    r"[新改扩]建|建成|建立|新开工)$"
)
_NO_VERB = r"(?!率|额|数(?![字据智])|量(?!子)|度(?!假)|面(?!向)|值|员(?!工))"  # 完成率, 签约额, 参与度 are nouns
_VERB = re.compile(rf"(?:{_STRONG}){_NO_VERB}")
_LEADING = re.compile(
    rf"(?:{_ADVERBS}|{DATE}+(?:底?前|以来|期间|末|初|起)?|(?:{_WEAK}|{_OPENING})(?!{_NOUN_NEXT})(?=[一-龥{NAME}A-Za-z\d]{{2}}))+"
)
_ADVERBIAL = re.compile(rf"(?:{_ADVERBS}|{DATE}+)+")
_PASSES = re.compile(_PASSING)
_ONLY_VERB = re.compile(rf"(?:{_WEAK}|[境国省]内外)+")
_TRAILING = re.compile(
    r"(?:等(?!级)|共计?|各|均|(?<![签公预特])约|(?<![邻附])近|为|累计|合计|总计|同比|环比|年均|实际|分别|平均|全年|年度|力争|确保|预计|计划|"
    r"[比较](?:上年|去年)|目标|要|应|须|需|又|再|也|将|可|的|、|\s|“|”|"
    rf"[比较]?{DATE}+|[由从]\d[^，,、]{{0,15}}|"
    r"以[一-龥]{1,6}为单位|同口径|可比口径|按可比价|名义|全部|每个?(?:季度?|月|周|旬|半年|学期|两个?月)|每[万千百]?(?:人口?|户|名|亩)|总体|整体|稳定|基本)+$"
)
_DONE_TO = re.compile(
    rf"(?<=[一-龥{NAME}]{{2}})(?:新改建|改扩建|新建|(?<![化碍标质])改造|建设|落地|落户|投产|开工|竣工|投用|新增|推广|报送|发布|发放|签约|引进|办结|完成|"
    r"上线|参展|参会)+$"
)
_REACHED = re.compile(r"(?:压缩|压减|缩短|减少|降低|下降|提高|提升|增长)[到至][一-龥]{2,8}的?$")  # 压缩到法定时限的30%
_CLASS = r"(?:\d{1,5}|[十百千])?[亿万]{1,2}元(?:人民币)?及?以上"
_SHARED = re.compile(
    rf"(?P<first>{_CLASS})、\d{{1,6}}[个家]{_CLASS}(?P<noun>[一-龥]{{2,12}})"
)  # 50个亿元以上、10个十亿元以上项目
_AFTER = re.compile(rf"(?:的|[\s“])*((?P<class>{_CLASS})?[^，,。；;：:！!？?()\n\d、]{{1,30}})")
_NICKNAME = re.compile(rf"(?<=[一-龥]){NAME}+$")  # 1200家企业“智改数转”
_LIST = re.compile(r"(?:、[^，,。；;：:！!？?()\n\d、]{1,15}){1,4}")
_JOINING = re.compile(r"(?:以及|[和与及])$")
_JOINED = re.compile(r"[和与及等]")
_TAIL_END = re.compile(
    rf"{_STRONG}|(?:不(?:少|低|高|多)于|不超过|超过|达到|同比|增长|下降|力争|以上|以内|投入使用|投入运营|落户|入驻|落地|上线|"
    r"完成|投产|投用|开工|竣工|参展|参会|进行|赴|到(?!位)|前往|在(?![建线校册库园岗])|作为|纳入|转型|以及)"
)
# Of these it matters what is done with them: companies visited are not companies invited.
_WHOSOEVER = re.compile(r"(?:企业|单位|机构|人员|项目|商户|客商|农户|场所)")
_TELLING = re.compile(
    r"(?:走访(?:慰问|服务|调研)?|慰问|拜访|检查|抽检|抽查|巡查|培训|服务|调研|帮扶|扶持|辅导|邀请|接待|评估|整治|查处|淘汰|关停|清退|"
    r"新?开工|续建|竣工|投产|达产|新?签约|引进|招引|落地|储备|新?入库|推介|策划|谋划|对接|参与|参加|带动)$"
)
_BRACKETS = re.compile(r"[(（](?![一-龥]{1,2}[)）])[^()（）]{0,30}[)）]|[(（]含[)）]")  # 屋（亭） is a name
_WINDOW = 60


@dataclass(frozen=True)
class Noun:
    """Where a noun stands (nowhere: start is end), whether it is a verb or one parts it from the figure.

    ``led`` is whether a verb stands before it: 开展【检查】2次, but 竣工80个. ``shared`` is where the rest of a noun stands
    that is told once for two figures: 50个【亿元以上】、10个十亿元以上【项目】.
    """

    start: int
    end: int
    verbal: bool
    led: bool = False
    shared: tuple[int, int] = (0, 0)


@lru_cache(maxsize=256)  # the same clause is asked for by each rule that reads a figure
def clause_start(normal: str, start: int, end: int) -> int:
    """Return where the clause begins that reaches to ``end``, at most a window before it."""
    start = max(start, end - _WINDOW)
    opened = normal.rfind("(", start, end) + 1
    if normal.find(")", opened, end) >= 0:  # a bracket that is closed again belongs to the noun: 执业（助理）医师数
        opened = start
    broken = normal.rfind("，", start, end), normal.rfind(",", start, end), normal.rfind(":", start, end)
    return max(start, opened, max(broken) + 1, normal.rfind("\n", start, end) + 1)


def before(normal: str, start: int, end: int) -> Noun:
    """Return the noun that ends at ``end``, in a clause that begins at ``start`` or later."""
    start = clause_start(normal, start, end)
    end = _trimmed(_TRAILING, normal, start, end)
    verbs = list(_VERB.finditer(normal, start, end))
    verbal = False
    while verbs and verbs[-1].end() >= end:
        verbal = True
        end = _trimmed(_TRAILING, normal, start, verbs.pop().start())
    if verbs:
        start = verbs[-1].end()
    start = _led(_LEADING if not verbs or _PASSES.search(verbs[-1][0]) else _ADVERBIAL, normal, start, end)
    only_verb = _ONLY_VERB.fullmatch(normal, start, end) is not None
    if not verbal and not only_verb:
        end = _trimmed(_DONE_TO, normal, start, end)
    return Noun(start, end, verbal or only_verb, bool(verbs) or not only_verb)


def subject(normal: str, start: int, end: int) -> Noun:
    """Return the noun that ends at ``end`` with the verbs inside it: 家庭医生签约服务覆盖率, 参加医保人数."""
    start = clause_start(normal, start, end)
    end = _trimmed(_TRAILING, normal, start, _trimmed(_REACHED, normal, start, end))
    led = -1
    while led != start:
        led, start = start, _led(_LEADING, normal, start, end)
        verb = _VERB.match(normal, start, end)
        start = verb.end() if verb else start
    return Noun(start, end, False)


def after(normal: str, start: int, end: int) -> Noun:
    """Return the noun that begins at ``start``: 审核4份及以上【文件】, a list as a whole (走访、座谈和招商对接活动)."""
    if shared := _SHARED.match(normal, start, start + _WINDOW):
        return Noun(start, shared.end("first"), False, shared=shared.span("noun"))
    found = _AFTER.match(normal, start, min(end, start + _WINDOW))
    if found is None:
        return Noun(start, start, False)
    first, last = found.span(1)
    verb = _TAIL_END.search(normal, max(first + 1, found.end("class")), last)
    if verb:
        last = verb.start()
    elif (more := _LIST.match(normal, last, end)) and _JOINED.search(more[0]) and not _TAIL_END.search(more[0]):
        last = more.end()
    last = _trimmed(_NICKNAME, normal, first, _trimmed(_TRAILING, normal, first, last))
    return Noun(first, _trimmed(_JOINING, normal, first, last), False)


def named(text: str, noun: Noun) -> str:
    """Return a noun as the text writes it, without brackets, spaces and quotes around it."""
    written = text[noun.start : noun.end] + text[slice(*noun.shared)]
    if not written.isalnum():
        written = "".join(_BRACKETS.sub("", written).split())
    if written[:1] + written[-1:] in ("“”", '""', "《》"):
        return written[1:-1]
    return written.strip("“”\"'、") if written.count("“") != written.count("”") else written


def acted_on(name: str, normal: str, start: int, end: int) -> str:
    """Return ``name`` with the verb that ends at ``end`` where alone it would not tell who is meant: 走访企业, 竣工项目."""
    return with_verb(name, normal, start, end) if _WHOSOEVER.fullmatch(name) else name


def with_verb(name: str, normal: str, start: int, end: int) -> str:
    """Return ``name`` with what is done to it, if a verb that tells ends at ``end``."""
    verb = _TELLING.search(normal, clause_start(normal, start, end), end)
    return (verb[0] if verb else "") + name


def next_verb(normal: str, start: int, end: int) -> int:
    """Return where the next verb begins, ``end`` without one."""
    found = _VERB.search(normal, start, end)
    return found.start() if found else end


def _led(leading: re.Pattern[str], normal: str, start: int, end: int) -> int:
    found = leading.match(normal, start, end)
    return found.end() if found else start


def _trimmed(trailing: re.Pattern[str], normal: str, start: int, end: int) -> int:
    found = trailing.search(normal, start, end)
    return found.start() if found else end


def verb(text: str, normal: str, start: int, end: int) -> str:
    """Return the verb that ends at ``end``, where it is all that tells what is counted: 覆盖10万人次."""
    found = list(_VERB.finditer(normal, clause_start(normal, start, end), end))
    return text[slice(*found[-1].span())] if found else ""


def again(normal: str, start: int, end: int) -> bool:
    """Return whether 以及 stands between a figure and the one before it: what follows is of something else."""
    return normal.find("以及", start, end) >= 0
