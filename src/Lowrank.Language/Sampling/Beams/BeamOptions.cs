namespace Lowrank.Language;

/// <summary>How texts are searched for by beams, as transformers (5.24) does it.</summary>
/// <param name="Beams">Texts that are followed at once, at least 2.</param>
/// <param name="LengthPenalty">Summed log-probabilities are divided by length to this power: above 0 long texts gain.</param>
/// <param name="EarlyStopping">When the search ends.</param>
/// <param name="Returned">Texts that are given back, at most <paramref name="Beams"/>.</param>
public sealed record BeamOptions(int Beams = 4, double LengthPenalty = 1, EarlyStopping EarlyStopping = EarlyStopping.Likely,
    int Returned = 1)
{
    /// <summary>Checks the fields.</summary>
    /// <exception cref="LowrankException">A field is out of its range.</exception>
    public void Check()
    {
        if (Beams < 2)
            throw new LowrankException($"{Beams} beams are no search: 2 at least. Without beams take the likeliest token each time.");
        if (Returned < 1 || Returned > Beams) throw new LowrankException($"{Returned} texts cannot come of {Beams} beams: 1 to {Beams}.");
    }
}
