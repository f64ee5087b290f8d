namespace Lowrank.Models;

/// <summary>down(act(gate x) · up x) (Shazeer, arXiv 2002.05202), published as <c>gate_proj</c>, <c>up_proj</c> and
/// <c>down_proj</c>.</summary>
sealed class GatedMlp : Layer
{
    readonly Linear gate_proj, up_proj, down_proj;
    readonly Func<Tensor, Tensor> activation;
    readonly bool isSilu;
    readonly int inner;

    public GatedMlp(string name, int hidden, int inner, string activation, bool bias, Storage? storage) : base(name)
    {
        gate_proj = new Linear(hidden, inner, bias, storage);
        up_proj = new Linear(hidden, inner, bias, storage);
        down_proj = new Linear(inner, hidden, bias, storage);
        this.activation = Activations.Named(activation);
        this.inner = inner;
        isSilu = activation is "silu" or "swish";
        RegisterComponents();
    }

    /// <summary>Whether few tokens may be run as <see cref="Run"/> does.</summary>
    public bool TakesRows => isSilu && TokenRows.MayPass(this);

    /// <summary>The answer for few tokens.</summary>
    public void Run(TokenRows x, TokenRows answer, ScalarType dtype)
    {
        using TokenRows gate = new(x.Count, inner), up = new(x.Count, inner);
        Linear.Run(x, dtype, (gate_proj, gate), (up_proj, up));
        gate.Gate(up);
        Linear.Run(gate, dtype, (down_proj, answer));
    }

    protected override Tensor Compute(Tensor x) => down_proj.call(activation(gate_proj.call(x)) * up_proj.call(x));
}
