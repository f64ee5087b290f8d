namespace Lowrank.Diffusion;

/// <summary>What the network is told in a step, for the prompts and against them.</summary>
public sealed class PromptConditions
{
    /// <summary>Conditions of one step.</summary>
    /// <param name="positive">
    /// For the prompts: a row each, or one for each part of each prompt, those of one picture after each other.
    /// </param>
    /// <param name="negative">For the negative prompts; null where no guider asks for them.</param>
    /// <param name="weights">The weights of the parts of each picture's prompt; null means a row of weight 1 each.</param>
    public PromptConditions(NetworkCondition positive, NetworkCondition? negative, IReadOnlyList<IReadOnlyList<double>>? weights = null)
    {
        (Positive, Negative, Uncut) = (positive, negative, this);
        if (negative is not null && weights is not null && weights.Any(parts => parts.Contains(0)))
        {
            Uncut = new(positive, null, weights);
            int[] counting = [.. weights.SelectMany(parts => parts).Index().Where(part => part.Item != 0).Select(part => part.Index)];
            Positive = positive.Rows(counting);
            weights = [.. weights.Select(parts => parts.Where(weight => weight != 0).ToArray())];
            SaysNothing = counting.Length == 0;
        }
        NegativeThenPositive = SaysNothing ? negative : negative?.Then(Positive);
        Weights = weights is null || weights.All(parts => parts is [1]) ? null : weights;
    }

    /// <summary>For the prompts, a row for each part; those of weight 0, which add nothing, are left out where negative ones are asked
    /// for.</summary>
    public NetworkCondition Positive { get; }

    /// <summary>For the negative prompts, a row each; null where none are asked for.</summary>
    public NetworkCondition? Negative { get; }

    /// <summary>
    /// Both in one batch, joined once a run; null without negative ones, and where their texts are of lengths that do not go together.
    /// </summary>
    public NetworkCondition? NegativeThenPositive { get; }

    /// <summary>The weights of each picture's parts, as many as rows of <see cref="Positive"/>; null where every prompt is one of weight
    /// 1.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Weights { get; }

    /// <summary>The same with the parts of weight 0, and without negative prompts: for who takes an answer to a part as that to a negative
    /// prompt.</summary>
    public PromptConditions Uncut { get; }

    /// <summary>Whether no part counts, so that <see cref="Positive"/> has no row and the answer is that to the negative prompts.</summary>
    public bool SaysNothing { get; }

    /// <summary>A row of the samples (B, …) for each row of <see cref="Positive"/>.</summary>
    public Tensor RowsOf(Tensor x) => Weights is null ? x : x.index_select(0, Owners(x.device));

    /// <summary>Of answers to the parts that to the first of each picture's.</summary>
    public Tensor FirstOf(Tensor parts)
    {
        if (Weights is null) return parts;
        long[] firsts = [.. Weights.Select((_, picture) => (long)Weights.Take(picture).Sum(row => row.Count))];
        return parts.index_select(0, tensor(firsts, device: parts.device));
    }

    /// <summary>Joins the answers to the parts: negative + Σ weight·(part − negative).</summary>
    /// <param name="negative">(B, C, H, W)</param>
    /// <param name="parts">A row for each part.</param>
    public Tensor Compose(Tensor negative, Tensor parts)
    {
        if (Weights is null) return parts;
        var owners = Owners(parts.device);
        var weights = tensor(Weights.SelectMany(row => row).ToArray(), parts.dtype, parts.device).view(-1, 1, 1, 1);
        return negative.index_add(0, owners, weights * (parts - negative.index_select(0, owners)), 1);
    }

    Tensor Owners(Device device) =>
        tensor(Weights!.SelectMany((row, picture) => row.Select(_ => (long)picture)).ToArray(), device: device);
}
