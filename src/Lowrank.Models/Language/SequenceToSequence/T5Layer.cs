namespace Lowrank.Models;

/// <summary>x + branch(norm x).</summary>
sealed class T5Layer : Layer<Tensor, T5Step>
{
    readonly RmsNorm norm;
    readonly Func<Tensor, T5Step, Tensor> branch;

    /// <param name="name">Its published class.</param>
    /// <param name="branchName">What the branch is called.</param>
    /// <param name="branch">Attention or the feed-forward part.</param>
    /// <param name="config">The shape.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    public T5Layer(string name, string branchName, nn.Module branch, T5Config config, Storage? storage) : base(name)
    {
        norm = new RmsNorm(config.HiddenSize, config.NormEps, storage);
        this.branch = branch is T5Attention attention ? attention.call : (x, _) => ((Layer)branch).call(x);
        register_module(branchName, branch);
        register_module("layer_norm", norm);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    protected override Tensor Compute(Tensor x, T5Step step) => x + branch(norm.call(x), step);
}
