namespace Lowrank.Adapters;

/// <summary>What a program makes of a file.</summary>
public enum Reading
{
    /// <summary>What the file means.</summary>
    Right,

    /// <summary>Some layers rightly; it passes over the others and goes on.</summary>
    Partly,

    /// <summary>Nothing; it stops with an error.</summary>
    Refused,

    /// <summary>Nothing; it goes on with the base as it was.</summary>
    Nothing,

    /// <summary>Another change than the file means; it goes on.</summary>
    Wrong,
}
