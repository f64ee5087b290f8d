namespace Lowrank.Models;

/// <summary>down(act(first half) · second half) of one projection: a gated feed-forward part whose gate and up are one layer.</summary>
sealed class HalvedMlp : Layer
{
    readonly Layer both, down;
    readonly Func<Tensor, Tensor> activation;

    /// <param name="name">Its published class.</param>
    /// <param name="both">The layer of both halves, with its name.</param>
    /// <param name="down">The layer that narrows, with its name.</param>
    /// <param name="activation">Of the first half.</param>
    public HalvedMlp(string name, (string Name, Layer Layer) both, (string Name, Layer Layer) down, string activation) : base(name)
    {
        (this.both, this.down, this.activation) = (both.Layer, down.Layer, Activations.Named(activation));
        register_module(both.Name, both.Layer);
        register_module(down.Name, down.Layer);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    protected override Tensor Compute(Tensor x)
    {
        var halves = both.call(x).chunk(2, -1);
        return down.call(activation(halves[0]) * halves[1]);
    }
}
