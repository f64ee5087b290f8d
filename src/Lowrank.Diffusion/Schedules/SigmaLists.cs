namespace Lowrank.Diffusion;

/// <summary>What ComfyUI's nodes do to lists of sigmas: cut, turned round, prolonged.</summary>
/// <remarks>comfy_extras/nodes_custom_sampler.py at a125cd8. A list of n+1 sigmas has n steps.</remarks>
public static class SigmaLists
{
    // A turned list begins at this instead of zero, from which nothing leads up.
    const double FirstWhenTurned = 0.0001;

    /// <summary>Before and after a step; the σ at which it begins belongs to both.</summary>
    public static (double[] High, double[] Low) Split(IReadOnlyList<double> sigmas, int step) =>
        ([.. sigmas.Take(step + 1)], [.. sigmas.Skip(step)]);

    /// <summary>The same, where the low part holds a share of the steps, rounded (a half to the even number).</summary>
    public static (double[] High, double[] Low) SplitShare(IReadOnlyList<double> sigmas, double share)
    {
        int low = (int)Math.Round(Math.Max(sigmas.Count - 1, 0) * share);
        // Of no steps at all the high part has none either: so it is in ComfyUI.
        return ([.. low == 0 ? [] : sigmas.SkipLast(low)], [.. sigmas.TakeLast(low + 1)]);
    }

    /// <summary>Turned round, for the way back into noise.</summary>
    public static double[] Flip(IReadOnlyList<double> sigmas)
    {
        double[] turned = [.. sigmas.Reverse()];
        if (turned is [0, ..]) turned[0] = FirstWhenTurned;
        return turned;
    }

    /// <summary>With another first σ.</summary>
    /// <exception cref="LowrankException">The list is empty.</exception>
    public static double[] SetFirst(IReadOnlyList<double> sigmas, double first) => sigmas.Count > 0
        ? [first, .. sigmas.Skip(1)]
        : throw new LowrankException(FormattableString.Invariant(
            $"there is no first sigma to set to {first}: the list is empty. Is its schedule's denoise 0?"));

    /// <summary>With further sigmas between neighbours.</summary>
    /// <param name="sigmas">The list.</param>
    /// <param name="parts">Into how many parts a step is divided.</param>
    /// <param name="highest">Steps that begin above it stay whole; below zero for no limit.</param>
    /// <param name="lowest">Steps that begin below it stay whole.</param>
    /// <param name="spacing">How the sigmas between are spread: "linear", "cosine" or "sine".</param>
    /// <exception cref="LowrankException">There is no such spacing.</exception>
    public static double[] Extend(IReadOnlyList<double> sigmas, int parts, double highest, double lowest, string spacing)
    {
        Func<double, double> way = spacing switch
        {
            "linear" => share => share,
            "cosine" => share => Math.Sin(share * Math.PI / 2),
            "sine" => share => 1 - Math.Cos(share * Math.PI / 2),
            _ => throw new LowrankException($"there is no spacing \"{spacing}\"; there are linear, cosine and sine"),
        };
        var extended = new List<double>();
        for (int i = 0; i < sigmas.Count; i++)
        {
            extended.Add(sigmas[i]);
            bool within = sigmas[i] >= lowest && (highest < 0 || sigmas[i] <= highest);
            if (i == sigmas.Count - 1 || !within) continue;
            for (int k = 1; k < parts; k++) extended.Add(sigmas[i] + way((double)k / parts) * (sigmas[i + 1] - sigmas[i]));
        }
        return [.. extended];
    }
}
