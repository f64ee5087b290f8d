namespace Lowrank.Language;

/// <summary>What sacreBLEU does with orders that have no hit.</summary>
public enum BleuSmoothing
{
    /// <summary>Half a hit, the next order a quarter, and so on: its default.</summary>
    Exponential,
    /// <summary>A fixed number of hits.</summary>
    Floor,
    /// <summary>A number is added to hits and runs of every order above the first.</summary>
    AddK,
    /// <summary>Nothing: the score is 0.</summary>
    None,
}
