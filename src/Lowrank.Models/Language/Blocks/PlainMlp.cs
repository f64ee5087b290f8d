namespace Lowrank.Models;

/// <summary>down(act(up x)).</summary>
sealed class PlainMlp : Layer
{
    readonly Layer up, down;
    readonly Func<Tensor, Tensor> activation;

    /// <param name="name">Its published class.</param>
    /// <param name="up">The layer that widens, with its name.</param>
    /// <param name="down">The layer that narrows, with its name.</param>
    /// <param name="activation">Between them.</param>
    public PlainMlp(string name, (string Name, Layer Layer) up, (string Name, Layer Layer) down, string activation) : base(name)
    {
        (this.up, this.down, this.activation) = (up.Layer, down.Layer, Activations.Named(activation));
        register_module(up.Name, up.Layer);
        register_module(down.Name, down.Layer);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    protected override Tensor Compute(Tensor x) => down.call(activation(up.call(x)));
}
