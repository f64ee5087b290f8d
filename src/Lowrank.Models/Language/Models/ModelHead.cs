namespace Lowrank.Models;

/// <summary>What a model tells that writes nothing.</summary>
public enum ModelHead
{
    /// <summary>Scores of whole rows: their classes, or numbers.</summary>
    Rows,

    /// <summary>Scores of each token.</summary>
    Tokens,

    /// <summary>Where an answer begins and ends.</summary>
    Spans,
}
