using Lowrank.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>The gradients that a loss has in a model's own weights.</summary>
static class LanguageGradients
{
    /// <summary>Compares norms of all of them, and those that are stored number by number.</summary>
    public static void Check(LanguageNetwork model, LanguageCase language, Func<Tensor> loss)
    {
        foreach (var parameter in model.parameters()) parameter.requires_grad_(true);
        loss().backward();
        var gradients = new Dictionary<string, Tensor>();
        foreach (var (name, parameter) in model.named_parameters())
            if (parameter.grad is { } gradient) gradients[name] = gradient;
        double near = language.Facts.GetProperty("tolerance").GetProperty("grad_norm_rel").GetDouble();
        foreach (var norm in language.Facts.GetProperty("grad_norms").EnumerateObject())
        {
            double want = norm.Value.GetDouble(), got = Of(norm.Name).norm().ToDouble();
            Assert.True(Math.Abs(got - want) <= near * Math.Max(want, 1e-3), $"{language.Name}: norm of {norm.Name} is {got}, expected {want}");
        }
        foreach (string name in language.Names("grad."))
        {
            var want = language.Read(name);
            double most = Math.Max(near * want.norm().ToDouble(), 1e-6);
            language.AssertClose(Of(name["grad.".Length..]), want, name, most);
        }

        // The running GPT-NeoX of transformers 5 calls its head otherwise than its files.
        Tensor Of(string name) => gradients.TryGetValue(name, out var found) || gradients.TryGetValue(name.Replace("lm_head", "embed_out", StringComparison.Ordinal), out found)
            ? found
            : throw new KeyNotFoundException($"no gradient of {name}; there are " + string.Join(", ", gradients.Keys));
    }
}
