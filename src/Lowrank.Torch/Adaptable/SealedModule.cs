using System.Runtime.CompilerServices;

namespace Lowrank.Torch;

/// <summary>A module of TorchSharp's own that takes several tensors or has several weights, and how it runs with others.</summary>
abstract class SealedModule
{
    // One per module for as long as it lives, so that whoever describes the model finds the same slots. One that cannot be adapted is not
    // kept: its weights may yet be loaded.
    static readonly ConditionalWeakTable<nn.Module, SealedModule> known = [];

    /// <summary>Of a module.</summary>
    protected SealedModule(nn.Module module) => Module = module;

    /// <summary>The module.</summary>
    public nn.Module Module { get; }

    /// <summary>Its weights, in the order of its parameters.</summary>
    public IReadOnlyList<SealedWeight> Weights { get; protected init; } = [];

    /// <summary>Why it cannot be adapted, as the end of a sentence; null where it can.</summary>
    public string? Reason { get; protected init; }

    /// <summary>What a module is; null if it is none of those kinds.</summary>
    public static SealedModule? Of(nn.Module module)
    {
        if (known.TryGetValue(module, out var found)) return found;
        if (Wrap(module) is not { } made) return null;
        return made.Reason is null ? known.GetValue(module, _ => made) : made;
    }

    /// <summary>Why its answers do not tell something: for want of weights, or what is given.</summary>
    protected string Untold(string reason)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var matrices = Module.named_parameters().Select(parameter => parameter.parameter).Where(one => one.dim() > 1 && one.numel() > 1);
        bool isEmpty = matrices.Any(IsUntold);
        return isEmpty ? $"{reason}: weights of it are all alike, zero or not finite; load them, and describe the model again" : reason;

        static bool IsUntold(Tensor one) =>
            one.device_type == DeviceType.META || !ValueRange.AreFinite(one) || (one == one.flatten()[0]).all().ToBoolean();
    }

    static SealedModule? Wrap(nn.Module module) => module switch
    {
        TorchSharp.Modules.Bilinear bilinear => new SealedBilinear(bilinear),
        TorchSharp.Modules.EmbeddingBag bag => new SealedBag(bag),
        TorchSharp.Modules.MultiheadAttention attention => new SealedAttention(attention),
        TorchSharp.Modules.LSTM or TorchSharp.Modules.GRU or TorchSharp.Modules.RNN => new SealedRecurrent(module),
        TorchSharp.Modules.LSTMCell or TorchSharp.Modules.GRUCell or TorchSharp.Modules.RNNCell => new SealedCell(module),
        _ => null,
    };

    /// <summary>A parameter by its name; null where there is none.</summary>
    public virtual Parameter? Parameter(string name) => Module.get_parameter(name);

    /// <summary>Has the module answer with adapted weights, from now on and for good.</summary>
    public void Hook()
    {
        ModuleHooks.TellCalls(Module);
        ModuleHooks.Answer(Module, Answering);
    }

    /// <summary>What is called after the module with its inputs and its answer, and gives the adapted answer, or that.</summary>
    protected abstract Delegate Answering { get; }

    /// <summary>The answer with the adapted weights and biases of this call, in the order of <see cref="Weights"/>.</summary>
    /// <param name="answer">The module's own, which stays where nothing is adapted.</param>
    /// <param name="run">The module's computation.</param>
    /// <param name="moveOut">Moves an answer to the outer scope.</param>
    protected T Answer<T>(T answer, Func<IReadOnlyList<(Tensor Weight, Tensor? Bias)>, T> run, Func<DisposeScope, T, T> moveOut)
    {
        if (Weights.All(weight => weight.Host is null)) return answer;
        bool isOwn = false;
        return LayerScope.Run(Module, () =>
        {
            var adapted = Weights.Select(weight => weight.Adapted()).ToList();
            isOwn = adapted.TrueForAll(one => one is null);
            return isOwn ? answer : run([.. Weights.Zip(adapted, (own, now) => now ?? (own.Weight.Dense(), own.Bias))]);
        }, (scope, result) => isOwn ? result : moveOut(scope, result));
    }
}
