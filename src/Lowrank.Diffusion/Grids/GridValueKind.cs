namespace Lowrank.Diffusion;

/// <summary>What the values of an axis are, and thereby how their text is read.</summary>
public enum GridValueKind
{
    /// <summary>Texts as they stand.</summary>
    Text,

    /// <summary>Whole numbers, and ranges of them.</summary>
    Whole,

    /// <summary>Numbers, and ranges of them.</summary>
    Number,

    /// <summary>The given words in every order.</summary>
    Order,
}
