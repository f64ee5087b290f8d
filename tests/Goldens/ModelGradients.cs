using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Expected gradients of a case: <c>grad.NAME</c> of an input or of a parameter, whose path may lack its beginning.</summary>
static class ModelGradients
{
    /// <summary>Makes every tensor whose gradient the case expects want one, and gives them by name.</summary>
    public static IReadOnlyDictionary<string, Tensor> Want(nn.Module model, GoldenCase golden, IReadOnlyDictionary<string, Tensor>? inputs = null)
    {
        var wanted = new Dictionary<string, Tensor>();
        foreach (string name in golden.ExpectedNames.Where(name => name.StartsWith("grad.", StringComparison.Ordinal)).Select(name => name["grad.".Length..]))
        {
            var tensor = inputs is not null && inputs.TryGetValue(name, out var input)
                ? input
                : model.named_parameters().Single(p => p.name == name || p.name.EndsWith("." + name, StringComparison.Ordinal)).parameter;
            tensor.requires_grad = true;
            wanted[name] = tensor;
        }
        return wanted;
    }

    /// <summary>Compares the loss, runs backward, and compares the gradients.</summary>
    public static void AssertAfter(Tensor loss, IReadOnlyDictionary<string, Tensor> wanted, GoldenCase golden)
    {
        golden.AssertClose(loss, golden.Expected("loss").reshape(loss.shape), "loss");
        loss.backward();
        foreach (var (name, tensor) in wanted)
        {
            golden.AssertClose(tensor.grad!, golden.Expected("grad." + name), $"gradient of {name}");
            tensor.grad!.zero_();
        }
    }
}
