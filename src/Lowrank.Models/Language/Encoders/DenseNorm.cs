namespace Lowrank.Models;

/// <summary>norm(act(dense x)), what heads over the vocabulary begin with.</summary>
sealed class DenseNorm : Layer
{
    readonly Func<Tensor, Tensor> activation;

    /// <param name="name">Its published class.</param>
    /// <param name="dense">The linear layer, <c>dense</c>.</param>
    /// <param name="norm">The norm, with its name.</param>
    /// <param name="activation">Between them.</param>
    public DenseNorm(string name, Linear dense, (string Name, LayerNorm Layer) norm, string activation) : base(name)
    {
        (Dense, Norm, NormName, this.activation) = (dense, norm.Layer, norm.Name, Activations.Named(activation));
        register_module("dense", Dense);
        register_module(NormName, Norm);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    /// <summary>The linear layer.</summary>
    public Linear Dense { get; }

    /// <summary>The norm.</summary>
    public LayerNorm Norm { get; }

    /// <summary>What it is called.</summary>
    public string NormName { get; }

    protected override Tensor Compute(Tensor x) => Norm.call(activation(Dense.call(x)));
}
