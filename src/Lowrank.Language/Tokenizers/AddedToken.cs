namespace Lowrank.Language;

/// <summary>A token that is found in a text before everything else.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
public sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether it is a control token: left out when a text without such tokens is asked for.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Whether it counts only where no letter or digit touches it.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Whether it takes the blanks before it along.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it takes the blanks after it along.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it is looked for in the normalized text; else in the text as it is given.</summary>
    public bool IsNormalized { get; init; }
}
