namespace Lowrank.Models;

/// <summary>The fields of one rotary embedding.</summary>
/// <param name="Settings">What all kinds have.</param>
/// <param name="Section">The object that tells of it, or the whole config where nothing does.</param>
/// <param name="Share">How much of a head turns, from 0 to 1.</param>
/// <param name="Original">The length before it was stretched, where config.json tells it outside the object; null where not.</param>
sealed record RopeFields(RopeSettings Settings, ConfigReader Section, double Share, double? Original)
{
    /// <summary>The length before it was stretched.</summary>
    public double OriginalLength =>
        Section.OptionalNumber("original_max_position_embeddings") ?? Original ?? Settings.MaxPositions;

    /// <summary>By what waves are stretched, or how much longer the model's rows are than they were.</summary>
    public double FactorOrStretch => Section.OptionalNumber("factor") ?? Settings.MaxPositions / OriginalLength;
}
