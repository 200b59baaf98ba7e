using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>Judges whether answers are any. Safe for use by several threads.</summary>
internal interface IVerdict
{
    /// <summary>Judges an answer.</summary>
    Judgement Judge(VotedAnswer answer);
}
