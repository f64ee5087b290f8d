using Lowrank.Adapters;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Gradients in which PEFT 0.21.2's hand-written backward functions differ from those of its own forward: what the slip gives, to compare with what was recorded.</summary>
static class PeftSlips
{
    /// <summary>The gradient that PEFT computes of <paramref name="what"/>, where that is not the true one; null where it is.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="what">"grad/x", or "grad/" and a live parameter.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="made">The adapter.</param>
    public static Tensor? Of(GoldenCase golden, string what, AdaptableLayer layer, Reparameterization made) => (made, what[(what.LastIndexOf('.') + 1)..]) switch
    {
        (C3a c3a, "grad/x") => CirculantInput(golden, layer, c3a),
        (Loha, "hada_w1_a") when Parts(made).ContainsKey("t1") => CoreFactor(golden, layer, made, other: "2"),
        (Loha, "hada_w2_a") when Parts(made).ContainsKey("t1") => CoreFactor(golden, layer, made, other: "1"),
        _ => null,
    };

    // C3A's input takes kernel[(j + t) mod b] for kernel[(j − t) mod b].
    static Tensor CirculantInput(GoldenCase golden, AdaptableLayer layer, C3a made)
    {
        var weight = made.Target.ToMatrix(layer.Weight.Dense());
        var delta = made.Delta(weight);
        long size = ((C3aOptions)made.Settings).BlockSize!.Value;
        var slipped = delta.reshape(-1, size, delta.shape[1]).index_select(1, (-arange(size)).remainder(size)).reshape(delta.shape);
        return Case(golden, "g").matmul(weight + slipped);
    }

    // LoHa with cores: the outer factor's gradient takes the other product's core and inner factor for its own.
    static Tensor CoreFactor(GoldenCase golden, AdaptableLayer layer, Reparameterization made, string other)
    {
        var parts = Parts(made);
        var weight = layer.Weight.Dense().detach().requires_grad_();
        (layer.Run(Case(golden, "x"), weight) * Case(golden, "g")).sum().backward();
        var inner = einsum("ijkl,jr->irkl", parts["t" + other], parts[$"w{other}b"]);
        var product = einsum("ijkl,ir->rjkl", inner, parts[$"w{other}a"]);
        double scale = parts["alpha"].ToDouble() / parts["w1b"].shape[0];
        return einsum("rjkl,ijkl->ri", inner, product * weight.grad! * scale);
    }

    static Dictionary<string, Tensor> Parts(Reparameterization made) => made.Parts.ToDictionary(p => p.Part, p => p.Value.detach());

    static Tensor Case(GoldenCase golden, string what) => golden.Group.Tensors.Read($"{golden.Name}/{what}");
}
