namespace Lowrank.Training;

/// <summary>What a head is trained to tell.</summary>
enum HeadAim
{
    /// <summary>The class of a row.</summary>
    Class,

    /// <summary>Which of several classes a row is of.</summary>
    Several,

    /// <summary>A number of a row.</summary>
    Number,

    /// <summary>The class of each token.</summary>
    Tokens,

    /// <summary>Where an answer begins and ends.</summary>
    Span,

    /// <summary>Which of two rows is the better.</summary>
    Reward,
}
