namespace Lowrank.Models;

/// <summary>Feed-forward parts of which each token goes through a few: tokens (N, C), the chosen experts (N, k), their weights (N,
/// k).</summary>
abstract class Experts : Layer<Tensor, Tensor, Tensor>, IStackedLayers
{
    readonly int count;
    readonly List<StackedMatrix> matrices = [];

    /// <param name="name">Its published class.</param>
    /// <param name="count">How many experts there are.</param>
    protected Experts(string name, int count) : base(name) => this.count = count;

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    /// <inheritdoc/>
    public IReadOnlyList<StackedMatrix> Matrices => matrices;

    /// <summary>Registers a parameter that holds a matrix of every expert.</summary>
    /// <param name="name">The parameter's published name.</param>
    /// <param name="stack">(experts, out, in), or (experts, in, out).</param>
    /// <param name="kind">Linear, or transposed.</param>
    /// <param name="biases">(experts, out); registered under the same name with <c>_bias</c> behind it. null where there are none.</param>
    /// <returns>The experts' matrices.</returns>
    protected IReadOnlyList<StackedMatrix> Stacked(
        string name, Parameter stack, LayerKind kind = LayerKind.Linear, Parameter? biases = null)
    {
        string ofBiases = $"{name}_bias";
        register_parameter(name, stack);
        if (biases is not null) register_parameter(ofBiases, biases);
        StackedMatrix[] own =
            [.. Enumerable.Range(0, count).Select(expert => new StackedMatrix(this, name, expert, kind, biases is null ? null : ofBiases))];
        matrices.AddRange(own);
        return own;
    }

    /// <summary>What one expert makes of tokens (n, C).</summary>
    protected abstract Tensor One(Tensor tokens, int expert);

    protected override Tensor Compute(Tensor x, Tensor chosen, Tensor weights)
    {
        long each = chosen.shape[1];
        var places = chosen.reshape(-1);
        var order = places.argsort();   // expert by expert
        long[] counts = places.bincount(null, count).cpu().data<long>().ToArray();
        var rows = order.div(each, RoundingMode.floor);
        var sorted = x.index_select(0, rows);
        var answers = new List<Tensor>();
        long start = 0;
        for (int expert = 0; expert < count; expert++)
        {
            if (counts[expert] > 0) answers.Add(One(sorted.narrow(0, start, counts[expert]), expert));
            start += counts[expert];
        }
        if (answers.Count == 0) return zeros_like(x);   // no tokens
        var shares = weights.reshape(-1).index_select(0, order).unsqueeze(1).to(x.dtype);
        return zeros_like(x).index_add(0, rows, cat([.. answers], 0) * shares, 1);
    }

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        if (device is null) return;
        foreach (var matrix in matrices) matrix.Host?.MoveTo(device);
    }
}

/// <summary>Gated experts, gate rows before up rows: <c>gate_up_proj</c> (E, 2W, C) and <c>down_proj</c> (E, C, W).</summary>
sealed class GatedExperts : Experts
{
    readonly IReadOnlyList<StackedMatrix> gateUp, down;
    readonly Func<Tensor, Tensor> activation;

    public GatedExperts(string name, int count, int hidden, int inner, string activation, Storage? storage) : base(name, count)
    {
        gateUp = Stacked("gate_up_proj", Weights.Parameter(storage, count, 2 * inner, hidden));
        down = Stacked("down_proj", Weights.Parameter(storage, count, hidden, inner));
        this.activation = Activations.Named(activation);
    }

    protected override Tensor One(Tensor tokens, int expert)
    {
        var both = gateUp[expert].Answer(tokens).chunk(2, -1);
        return down[expert].Answer(activation(both[0]) * both[1]);
    }
}
