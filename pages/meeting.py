"""会议: the shared screen, one thing at a time."""

from ui import meeting, session

meeting.draw(session.view())
