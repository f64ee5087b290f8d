using System.Reflection;

namespace Lowrank.Torch;

/// <summary>An LSTM, GRU or RNN: two weights for each layer and direction, of the input and of the state before.</summary>
sealed class SealedRecurrent : SealedModule
{
    readonly string name;
    readonly RecurrentShape shape;
    double? dropout;

    /// <summary>Of a module.</summary>
    public SealedRecurrent(nn.Module module) : base(module)
    {
        int directions = Parameter("weight_ih_l0_reverse") is null ? 1 : 2;
        long layers = 0;
        var weights = new List<SealedWeight>();
        for (; Parameter($"weight_ih_l{layers}") is not null; layers++)
            foreach (string end in new[] { $"l{layers}", $"l{layers}_reverse" }.Take(directions))
                foreach (string of in new[] { "ih", "hh" })
                {
                    string? bias = Parameter($"bias_{of}_{end}") is null ? null : $"bias_{of}_{end}";
                    weights.Add(new SealedWeight(this, $"weight_{of}_{end}", $"weight_{of}_{end}", bias));
                }
        shape = new(layers, directions, BatchFirst(module), Parameter("weight_hh_l0")!.shape[1]);
        if (layers == 1) dropout = 0;
        var told = module switch
        {
            TorchSharp.Modules.LSTM => "lstm",
            TorchSharp.Modules.GRU => "gru",
            _ => Nonlinear(),
        };
        (name, Weights) = told is null ? ("", []) : (told, weights);
        if (told is null) Reason = "its answers do not tell whether it is one of tanh or of relu";
    }

    // TorchSharp keeps it where nobody else sees it.
    static bool BatchFirst(nn.Module module) =>
        module.GetType().GetField("_batch_first", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(module) is true;

    string? Nonlinear()
    {
        int? found = SealedProbe.InEvaluation(Module, () =>
            SealedProbe.Matching(Own(), new[] { "rnn_tanh", "rnn_relu" }.Select(one => Computed(one, 0))));
        return found switch { 0 => "rnn_tanh", 1 => "rnn_relu", _ => null };
    }

    Tensor Probe => SealedProbe.Input(Parameter("weight_hh_l0")!, 3, 5, 4, Parameter("weight_ih_l0")!.shape[1]);

    // The module's answer to the probe, past its hooks.
    Tensor Own() => Module switch
    {
        TorchSharp.Modules.LSTM lstm => lstm.forward(Probe).Item1,
        TorchSharp.Modules.GRU gru => gru.forward(Probe, null!).Item1,
        TorchSharp.Modules.RNN rnn => rnn.forward(Probe, null!).Item1,
        _ => throw new NotSupportedException(Module.GetType().Name),
    };

    Tensor Computed(string operation, double dropped)
    {
        Tensor[] own = [.. Module.named_parameters(recurse: false).Select(parameter => (Tensor)parameter.parameter)];
        return RecurrentOperators.Layer(operation, Probe, States(Probe, null), own, shape, dropped)[0];
    }

    // Of each layer and direction the two weights and then the two biases.
    static Tensor[] Parameters(IReadOnlyList<(Tensor Weight, Tensor? Bias)> now)
    {
        bool biased = now.Any(one => one.Bias is not null);
        var parameters = new List<Tensor>();
        foreach (var pair in now.Chunk(2))
        {
            parameters.AddRange(pair.Select(one => one.Weight));
            if (biased) parameters.AddRange(pair.Select(one => one.Bias ?? None(one.Weight)));
        }
        return [.. parameters];

        static Tensor None(Tensor weight) => zeros([weight.shape[0]], weight.dtype, weight.device);
    }

    Tensor[] States(Tensor x, Tensor[]? given)
    {
        if (given is not null) return given;
        long batch = x.shape[shape.BatchFirst ? 0 : 1];
        var first = zeros([shape.Layers * shape.Directions, batch, shape.Hidden], x.dtype, x.device);
        return Module is TorchSharp.Modules.LSTM ? [first, first] : [first];
    }

    Tensor[] Run(Tensor x, Tensor[]? states, IReadOnlyList<(Tensor Weight, Tensor? Bias)> now)
    {
        double dropped = Module.training ? dropout ??= FoundDropout() : 0;
        return RecurrentOperators.Layer(name, x, States(x, states), Parameters(now), shape, dropped);
    }

    double FoundDropout()
    {
        double found = SealedProbe.Dropout(Own, dropped => Computed(name, dropped)) ?? throw SealedProbe.Unknown(Module);
        if (found > 0 || !SealedProbe.HidesDropout(dropped => Computed(name, dropped))) return found;
        throw new LowrankException($"TorchSharp does not tell the dropout of a {Module.GetType().Name}, and its answers do not either: " +
            "the weights of its second layer or a later one hide what is dropped before them, as zeros do. Give it other weights before " +
            "it trains with adapted ones, or leave it in evaluation mode.");
    }

    protected override Delegate Answering => Module is TorchSharp.Modules.LSTM
        ? (nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> _, Tensor x, (Tensor, Tensor)? states,
            (Tensor, Tensor, Tensor) answer) => Answer(
            answer,
            now => Run(x, states is var (h, c) ? [h, c] : null, now) is [var y, var hidden, var cell] ? (y, hidden, cell) : default,
            static (scope, of) => (scope.MoveToOuter(of.Item1), scope.MoveToOuter(of.Item2), scope.MoveToOuter(of.Item3)))
        : (nn.Module<Tensor, Tensor, (Tensor, Tensor)> _, Tensor x, Tensor state, (Tensor, Tensor) answer) => Answer(
            answer,
            now => Run(x, state is null ? null : [state], now) is [var y, var hidden] ? (y, hidden) : default,
            static (scope, of) => (scope.MoveToOuter(of.Item1), scope.MoveToOuter(of.Item2)));
}
