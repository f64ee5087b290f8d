using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Lowrank.Testing;

/// <summary>Counts the calls of a module.</summary>
public sealed class CountedCalls
{
    /// <summary>Counts from now on.</summary>
    /// <param name="root">A module.</param>
    /// <param name="ending">How the path of the first module under it ends whose calls are counted.</param>
    public CountedCalls(torch.nn.Module root, string ending)
    {
        var counted = root.named_modules().First(one => one.name.EndsWith(ending, StringComparison.Ordinal)).module;
        ((torch.nn.Module<Tensor, Tensor>)counted).register_forward_pre_hook((_, x) =>
        {
            Count++;
            return x;
        });
    }

    /// <summary>Calls so far.</summary>
    public int Count { get; private set; }
}
