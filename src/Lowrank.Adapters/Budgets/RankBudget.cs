namespace Lowrank.Adapters;

/// <summary>How many ranks AdaLoRA keeps as training goes on: all for a while, then fewer by a cubic curve, then the target.</summary>
/// <param name="TargetRank">Ranks a layer keeps on average in the end, 1 or more.</param>
/// <param name="Total">Steps of the whole training.</param>
public sealed record RankBudget(int TargetRank, int Total)
{
    /// <summary>Steps in which nothing is masked.</summary>
    public int WarmUp { get; init; }

    /// <summary>Steps at the end in which the kept ranks train on, unchanged.</summary>
    public int Final { get; init; }

    /// <summary>Masks are drawn anew every so many steps, 1 or more.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Memory of the importance, above 0 and below 1.</summary>
    public double Beta1 { get; init; } = 0.85;

    /// <summary>Memory of its uncertainty, above 0 and below 1.</summary>
    public double Beta2 { get; init; } = 0.85;

    /// <summary>What is out of its range, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (TargetRank < 1) yield return $"target_r {TargetRank} is not 1 or more";
        bool leavesSteps = Total >= 1 && WarmUp >= 0 && Final >= 0 && WarmUp + Final < Total;
        if (!leavesSteps) yield return $"tinit {WarmUp} and tfinal {Final} leave nothing of total_step {Total}";
        if (Every < 1) yield return $"deltaT {Every} is not 1 or more";
        foreach (double beta in new[] { Beta1, Beta2 })
            if (!(beta > 0 && beta < 1)) yield return $"beta {PlainValue.Text(beta)} is not above 0 and below 1";
    }

    /// <summary>
    /// Ranks that all layers together keep at a step, counted from 1, of <paramref name="first"/>
    /// at the beginning and <paramref name="last"/> in the end.
    /// </summary>
    public int At(int step, int first, int last)
    {
        if (step <= WarmUp) return first;
        if (step > Total - Final) return last;
        double left = 1 - (double)(step - WarmUp) / (Total - Final - WarmUp);
        return (int)((first - last) * (left * left * left) + last);
    }
}
