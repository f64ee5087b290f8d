namespace Lowrank.Adapters;

/// <summary>The largest entries of what a LoRA leaves out, beside it: Δ = Δ_LoRA + scale·S, S with few entries.</summary>
/// <remarks>Source: LyCORIS 4.1.3, the sparse bias of extraction.</remarks>
sealed class SparseRest : AdditiveWrapper<Lora>
{
    /// <summary>Parts beside the LoRA's.</summary>
    internal const string IndicesPart = "bias_indices", ValuesPart = "bias_values", SizePart = "bias_size";

    readonly Tensor indices, size;
    readonly Parameter values;

    /// <summary>Around <paramref name="inner"/>, which is taken over.</summary>
    /// <param name="inner">The LoRA.</param>
    /// <param name="indices">(2, count) whole numbers: rows and columns of the matrix (out, in·kh·kw).</param>
    /// <param name="values">(count).</param>
    /// <exception cref="LowrankException">Counts differ, or an index is outside of the matrix.</exception>
    public SparseRest(Lora inner, Tensor indices, Tensor values) : base(inner)
    {
        using var scope = NewDisposeScope();
        long count = values.numel();
        if (indices.dim() != 2 || !indices.shape.AsSpan().SequenceEqual([2, count]))
        {
            string shape = indices.shape.Text();
            throw new LowrankException($"sparse entries of shape {shape} are not the rows and columns of {count} values, at {Target}");
        }
        var places = indices.to(ScalarType.Int64);
        bool fits = count == 0 || Fit(places[0], Target.Out) && Fit(places[1], Target.Columns);
        if (!fits)
        {
            string matrix = $"the matrix of {Target.Out} rows and {Target.Columns} columns";
            throw new LowrankException($"a sparse entry lies outside of {matrix}, at {Target}");
        }
        this.indices = Keep(IndicesPart, places);
        size = Keep(SizePart, tensor(new[] { Target.Out, Target.Columns }, device: CPU));
        this.values = Train(ValuesPart, values, values.numel());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts =>
        [.. Inner.Parts, (IndicesPart, indices), (ValuesPart, values), (SizePart, size)];

    /// <summary>
    /// Around a LoRA, the entries of <paramref name="rest"/> (out, in·kh·kw) that are at or above a quantile of its magnitudes.
    /// </summary>
    public static SparseRest Of(Lora lora, Tensor rest, double sparsity)
    {
        using var scope = NewDisposeScope();
        var places = (rest.abs() >= Quantiles.Of(rest.abs(), sparsity)).nonzero().t();
        return new SparseRest(lora, places, rest.reshape(-1).index_select(0, Flat(places, rest.shape[1])) / lora.Scale);
    }

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var empty = zeros(Target.Out * Target.Columns, dtype: weight.dtype, device: values.device);
        var flat = empty.index_add(0, Flat(indices, Target.Columns), values.to(weight.dtype) * Inner.Scale, 1);
        return Inner.Delta(weight) + flat.reshape(Target.Out, Target.Columns);
    }

    static bool Fit(Tensor places, long limit) => places.min().ToInt64() >= 0 && places.max().ToInt64() < limit;

    static Tensor Flat(Tensor places, long columns) => places[0] * columns + places[1];
}
