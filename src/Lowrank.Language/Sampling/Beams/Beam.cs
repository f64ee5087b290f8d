namespace Lowrank.Language;

/// <summary>A text that a search by beams follows or has found.</summary>
/// <param name="Written">Its tokens after the prompt.</param>
/// <param name="TokenScores">Each token's log-probability, after processors.</param>
/// <param name="Beams">For each token the beam that it continued.</param>
/// <param name="Score">Running: the sum. Found: the sum over the length to the penalty's power.</param>
public sealed record Beam(IReadOnlyList<int> Written, IReadOnlyList<float> TokenScores, IReadOnlyList<int> Beams, float Score)
{
    /// <summary>The beam of the step before that it continues, for a cache of keys and values.</summary>
    public int Parent => Beams.Count > 0 ? Beams[^1] : 0;

    internal Beam With(int token, float tokenScore, int beam, float score) =>
        new([.. Written, token], [.. TokenScores, tokenScore], [.. Beams, beam], score);
}
