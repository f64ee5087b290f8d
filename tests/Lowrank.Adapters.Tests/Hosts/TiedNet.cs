using Parameter = TorchSharp.Modules.Parameter;

namespace Lowrank.Adapters.Tests;

/// <summary>A made-up language model of TorchSharp's layers: an embedding, a body that stands in two fields, and a head that may share the
/// embedding's weight.</summary>
sealed class TiedNet : nn.Module<Tensor, Tensor>
{
    readonly TorchSharp.Modules.Embedding tokens = nn.Embedding(11, 6);
    readonly TorchSharp.Modules.Linear body = nn.Linear(6, 6), again, head = nn.Linear(6, 11);
    readonly TorchSharp.Modules.LayerNorm norm = nn.LayerNorm(6);

    public TiedNet(Func<Parameter, Parameter>? tie = null) : base(nameof(TiedNet))
    {
        again = body;
        using (no_grad()) tokens.weight!.normal_();
        if (tie is not null) head.weight = tie(tokens.weight!);
        RegisterComponents();
    }

    public TorchSharp.Modules.Embedding Tokens => tokens;

    public TorchSharp.Modules.Linear Head => head;

    public override Tensor forward(Tensor ids) => head.call(norm.call(again.call(body.call(tokens.call(ids)).tanh())));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var child in (nn.Module[])[tokens, body, head, norm]) child.Dispose();
        base.Dispose(disposing);
    }
}
