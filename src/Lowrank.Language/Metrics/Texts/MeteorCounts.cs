namespace Lowrank.Language;

/// <summary>What METEOR's score is made of, of one segment or, added up, of many.</summary>
/// <param name="Hypothesis">Words of the hypothesis.</param>
/// <param name="Reference">Words of the reference.</param>
/// <param name="HypothesisFunction">Of the hypothesis' words those that are function words.</param>
/// <param name="ReferenceFunction">Of the reference's.</param>
/// <param name="Matches">Words that were matched.</param>
/// <param name="HypothesisWeight">Matches weighed by their kind and by the word of the hypothesis.</param>
/// <param name="ReferenceWeight">By the word of the reference.</param>
/// <param name="Chunks">Rows of matches that follow one another in both.</param>
public sealed record MeteorCounts(
    int Hypothesis, int Reference, int HypothesisFunction, int ReferenceFunction, int Matches, double HypothesisWeight,
        double ReferenceWeight, int Chunks)
{
    // Tuned for ranking English (METEOR 1.5).
    const double Alpha = 0.85, Beta = 0.2, Gamma = 0.6;

    /// <summary>Weight of a content word; a function word has the rest of 1.</summary>
    public const double Content = 0.75;

    /// <summary>The score (0 to 1).</summary>
    public double Score
    {
        get
        {
            double precision = HypothesisWeight / Weight(Hypothesis, HypothesisFunction);
            double recall = ReferenceWeight / Weight(Reference, ReferenceFunction);
            if (Matches == 0 || precision == 0 || recall == 0) return 0;
            double fragments = IsWhole ? 0 : (double)Chunks / Matches;
            return (1 - Gamma * Math.Pow(fragments, Beta)) / ((1 - Alpha) / precision + Alpha / recall);
        }
    }

    /// <summary>The counts of two segments together.</summary>
    public static MeteorCounts operator +(MeteorCounts one, MeteorCounts other) => new(
        one.Hypothesis + other.Hypothesis, one.Reference + other.Reference,
        one.HypothesisFunction + other.HypothesisFunction, one.ReferenceFunction + other.ReferenceFunction, one.Matches + other.Matches,
        one.HypothesisWeight + other.HypothesisWeight, one.ReferenceWeight + other.ReferenceWeight, one.ChunksOfMany + other.ChunksOfMany);

    bool IsWhole => Matches == Hypothesis && Matches == Reference && Chunks == 1;

    // A segment that equals its reference has no break, alone or among others.
    int ChunksOfMany => IsWhole ? 0 : Chunks;

    static double Weight(int words, int function) => Content * (words - function) + (1 - Content) * function;
}
