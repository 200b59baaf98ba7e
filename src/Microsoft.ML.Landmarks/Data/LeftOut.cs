namespace Microsoft.ML.Landmarks.Data;

/// <summary>Why a file or folder among photographs is left out.</summary>
internal enum LeftOut
{
    /// <summary>A photograph beside the folders of landmarks.</summary>
    BesideFolders,

    /// <summary>By its ending.</summary>
    NoPhotograph,

    /// <summary>Its name starts with a dot.</summary>
    Hidden,

    /// <summary>A recycle bin, thumbnails of a network drive and the like.</summary>
    OfSystem,

    /// <summary>The name can't be read as text, and so can't be opened.</summary>
    NameNotUtf8,

    /// <summary>The name of a landmark is blank.</summary>
    NameBlank,

    /// <summary>A link leads to a folder that is reached by another way.</summary>
    ReachedTwice,

    /// <summary>A folder that can't be read.</summary>
    Unreadable,

    /// <summary>A landmark's folder without a photograph.</summary>
    WithoutPhotograph,
}
