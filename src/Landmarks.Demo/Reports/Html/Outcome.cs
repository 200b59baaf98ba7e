namespace Landmarks.Demo.Reports.Html;

/// <summary>What became of a photograph.</summary>
internal enum Outcome
{
    /// <summary>It shows another landmark than the one that was answered.</summary>
    WrongLandmark,

    /// <summary>It shows no landmark, and one was answered.</summary>
    FalseAlarm,

    /// <summary>It shows a landmark, and none was answered.</summary>
    Missed,

    /// <summary>It could not be read, or the network makes no numbers of it.</summary>
    Unreadable,

    /// <summary>It shows the landmark that was answered.</summary>
    Right,

    /// <summary>No landmark was answered, and it shows none, or one that the model does not know.</summary>
    RightlyNone,

    /// <summary>A landmark was answered; what it shows is not known.</summary>
    Landmark,

    /// <summary>No landmark was answered; what it shows is not known.</summary>
    NoLandmark,
}
