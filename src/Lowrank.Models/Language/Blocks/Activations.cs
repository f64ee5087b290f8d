using F = TorchSharp.torch.nn.functional;

namespace Lowrank.Models;

/// <summary>The activations that configs of language models name.</summary>
static class Activations
{
    static readonly Dictionary<string, Func<Tensor, Tensor>> all = new()
    {
        ["silu"] = x => F.silu(x),
        ["swish"] = x => F.silu(x),
        ["gelu"] = x => F.gelu(x),
        ["gelu_python"] = x => F.gelu(x),
        ["gelu_new"] = GeluTanh,
        ["gelu_fast"] = GeluTanh,
        ["gelu_accurate"] = GeluTanh,
        ["gelu_pytorch_tanh"] = GeluTanh,
        ["quick_gelu"] = x => x * sigmoid(1.702 * x),
        ["relu"] = x => F.relu(x),
        ["relu2"] = x => F.relu(x).square(),
        ["tanh"] = x => x.tanh(),
        ["sigmoid"] = x => x.sigmoid(),
        ["linear"] = x => x,
    };

    /// <summary>Their names.</summary>
    public static string[] Names { get; } = [.. all.Keys];

    /// <summary>The one of a name that is listed.</summary>
    public static Func<Tensor, Tensor> Named(string name) => all[name];

    /// <summary>The one that a config's field names.</summary>
    /// <param name="config">The config.</param>
    /// <param name="field">The field.</param>
    /// <param name="absent">Its value where it is absent.</param>
    public static string Read(ConfigReader config, string field, string absent) =>
        config.OptionalWord(field, Names) ?? absent;

    static Tensor GeluTanh(Tensor x) => F.gelu(x, Modules.GELU.Approximate.tanh);
}
