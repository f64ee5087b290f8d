namespace Lowrank.Training;

/// <summary>What a model says that an objective looks at.</summary>
public enum ObjectiveModel
{
    /// <summary>Which token comes next.</summary>
    Writer,

    /// <summary>Scores of rows.</summary>
    Rows,

    /// <summary>Scores of tokens.</summary>
    Tokens,

    /// <summary>Where an answer begins and ends.</summary>
    Spans,
}
