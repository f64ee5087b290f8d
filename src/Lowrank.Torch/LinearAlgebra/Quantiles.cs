namespace Lowrank.Torch;

/// <summary>Quantiles of tensors of any size; torch's own refuses more than 16 million elements.</summary>
public static class Quantiles
{
    /// <summary>The value below which a share of all elements lies, between two neighbours in proportion (as torch.quantile).</summary>
    /// <param name="values">One element or more.</param>
    /// <param name="share">0 to 1.</param>
    public static double Of(Tensor values, double share)
    {
        if (share is not (>= 0 and <= 1))
            throw new LowrankException($"a quantile is between 0 and 1, and {PlainValue.Text(share)} was given");
        using var scope = NewDisposeScope();
        var flat = values.detach().reshape(-1);
        long count = flat.shape[0];
        if (count == 0) throw new LowrankException("a tensor without elements has no quantile");
        double place = share * (count - 1);
        long below = (long)Math.Floor(place);
        double low = Smallest(flat, below + 1), part = place - below;
        return part == 0 ? low : low + part * (Smallest(flat, below + 2) - low);
    }

    static double Smallest(Tensor flat, long nth) => flat.kthvalue(nth, 0).values.ToDouble();
}
