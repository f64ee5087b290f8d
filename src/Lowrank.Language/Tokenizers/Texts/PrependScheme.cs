namespace Lowrank.Language;

/// <summary>Where a stand-in for a space goes in front.</summary>
enum PrependScheme
{
    /// <summary>Before every stretch of text.</summary>
    Always,

    /// <summary>Before the stretch that the text begins with.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}
