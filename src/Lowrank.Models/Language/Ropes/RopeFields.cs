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
        Section.OptionalNumber(OriginalField) ?? Original ?? Settings.MaxPositions;

    /// <summary>By what waves are stretched; it must be there.</summary>
    public double Factor => Checked(Section.Number("factor"));

    double Checked(double factor)
    {
        Section.Require(factor > 0, $"factor of the rotary embedding is {PythonFloat.Text(factor)}, and must be above zero");
        return factor > 0 ? factor : 1;
    }

    /// <summary>By what waves are stretched, or how much longer the model's rows are than they were.</summary>
    public double FactorOrStretch
    {
        get
        {
            if (Section.OptionalNumber("factor") is { } told) return Checked(told);
            bool isTold = Section.Has(OriginalField) || Original is not null;
            Section.Require(isTold, $"factor of the rotary embedding is missing, and no {OriginalField} tells it either");
            return Settings.MaxPositions / OriginalLength;
        }
    }

    const string OriginalField = "original_max_position_embeddings";
}
