namespace Lowrank.Torch;

/// <summary>One step of an LSTM, GRU or RNN: two weights, of the input and of the state before.</summary>
sealed class SealedCell : SealedModule
{
    readonly string name;

    /// <summary>Of a module.</summary>
    public SealedCell(nn.Module module) : base(module)
    {
        var told = module switch
        {
            TorchSharp.Modules.LSTMCell => "lstm_cell",
            TorchSharp.Modules.GRUCell => "gru_cell",
            TorchSharp.Modules.RNNCell cell => Nonlinear(cell),
            _ => throw new NotSupportedException(module.GetType().Name),
        };
        name = told ?? "";
        if (told is null) Reason = Untold("its answers do not tell whether it is one of tanh or of relu");
        else Weights = [Of("ih"), Of("hh")];
    }

    SealedWeight Of(string side) =>
        new(this, $"weight_{side}", $"weight_{side}", Parameter($"bias_{side}") is null ? null : $"bias_{side}");

    static string? Nonlinear(TorchSharp.Modules.RNNCell cell)
    {
        int? found = SealedProbe.InEvaluation(cell, () =>
        {
            var weight = cell.weight_ih!;
            var x = SealedProbe.Input(weight, 3, 4, weight.shape[1]);
            Tensor[] own = [.. cell.named_parameters(recurse: false).Select(parameter => (Tensor)parameter.parameter)];
            var candidates = new[] { "rnn_tanh_cell", "rnn_relu_cell" }.Select(one =>
                RecurrentOperators.Cell(one, x, [zeros([4, weight.shape[0]], x.dtype, x.device)], own)[0]);
            return SealedProbe.Matching(cell.forward(x, null!), candidates);
        });
        return found switch { 0 => "rnn_tanh_cell", 1 => "rnn_relu_cell", _ => null };
    }

    Tensor[] Run(Tensor x, Tensor[]? given, IReadOnlyList<(Tensor Weight, Tensor? Bias)> now)
    {
        var (ih, hh) = (now[0], now[1]);
        var first = given is null ? zeros([.. x.shape[..^1], hh.Weight.shape[1]], x.dtype, x.device) : null;
        Tensor[] states = given ?? (Module is TorchSharp.Modules.LSTMCell ? [first!, first!] : [first!]);
        if (ih.Bias is null && hh.Bias is null) return RecurrentOperators.Cell(name, x, states, [ih.Weight, hh.Weight]);
        var none = zeros([ih.Weight.shape[0]], ih.Weight.dtype, ih.Weight.device);
        return RecurrentOperators.Cell(name, x, states, [ih.Weight, hh.Weight, ih.Bias ?? none, hh.Bias ?? none]);
    }

    protected override Delegate Answering => Module is TorchSharp.Modules.LSTMCell
        ? (nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor)> _, Tensor x, (Tensor, Tensor)? states, (Tensor, Tensor) answer) => Answer(
            answer,
            now => Run(x, states is var (h, c) ? [h, c] : null, now) is [var hidden, var cell] ? (hidden, cell) : default,
            static (scope, of) => (scope.MoveToOuter(of.Item1), scope.MoveToOuter(of.Item2)))
        : (nn.Module<Tensor, Tensor, Tensor> _, Tensor x, Tensor state, Tensor answer) => Answer(
            answer,
            now => Run(x, state is null ? null : [state], now)[0],
            static (scope, of) => scope.MoveToOuter(of));
}
