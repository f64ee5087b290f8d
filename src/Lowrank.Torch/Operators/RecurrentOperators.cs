namespace Lowrank.Torch;

/// <summary>libtorch's recurrent operators, which TorchSharp offers only inside modules with weights of their own.</summary>
static class RecurrentOperators
{
    const string Script = """
        def lstm(x, states: List[Tensor], parameters: List[Tensor], biases: bool, layers: int, dropout: float, train: bool,
                 both: bool, batch_first: bool):
            y, h, c = torch.lstm(x, states, parameters, biases, layers, dropout, train, both, batch_first)
            return [y, h, c]

        def gru(x, states: List[Tensor], parameters: List[Tensor], biases: bool, layers: int, dropout: float, train: bool,
                both: bool, batch_first: bool):
            y, h = torch.gru(x, states[0], parameters, biases, layers, dropout, train, both, batch_first)
            return [y, h]

        def rnn_tanh(x, states: List[Tensor], parameters: List[Tensor], biases: bool, layers: int, dropout: float, train: bool,
                     both: bool, batch_first: bool):
            y, h = torch.rnn_tanh(x, states[0], parameters, biases, layers, dropout, train, both, batch_first)
            return [y, h]

        def rnn_relu(x, states: List[Tensor], parameters: List[Tensor], biases: bool, layers: int, dropout: float, train: bool,
                     both: bool, batch_first: bool):
            y, h = torch.rnn_relu(x, states[0], parameters, biases, layers, dropout, train, both, batch_first)
            return [y, h]

        def lstm_cell(x, states: List[Tensor], p: List[Tensor]):
            if len(p) == 4:
                h, c = torch.lstm_cell(x, states, p[0], p[1], p[2], p[3])
            else:
                h, c = torch.lstm_cell(x, states, p[0], p[1])
            return [h, c]

        def gru_cell(x, states: List[Tensor], p: List[Tensor]):
            if len(p) == 4:
                h = torch.gru_cell(x, states[0], p[0], p[1], p[2], p[3])
            else:
                h = torch.gru_cell(x, states[0], p[0], p[1])
            return [h]

        def rnn_tanh_cell(x, states: List[Tensor], p: List[Tensor]):
            if len(p) == 4:
                h = torch.rnn_tanh_cell(x, states[0], p[0], p[1], p[2], p[3])
            else:
                h = torch.rnn_tanh_cell(x, states[0], p[0], p[1])
            return [h]

        def rnn_relu_cell(x, states: List[Tensor], p: List[Tensor]):
            if len(p) == 4:
                h = torch.rnn_relu_cell(x, states[0], p[0], p[1], p[2], p[3])
            else:
                h = torch.rnn_relu_cell(x, states[0], p[0], p[1])
            return [h]

        """;

    static readonly Lazy<jit.CompilationUnit> unit = new(() => jit.compile(Script));

    /// <summary>A recurrent layer: the answer, then its last states.</summary>
    /// <param name="name">lstm, gru, rnn_tanh or rnn_relu.</param>
    /// <param name="x">Input (tokens, batch, channels), or the batch first.</param>
    /// <param name="states">The first states, (layers · directions, batch, hidden).</param>
    /// <param name="parameters">Of each layer and direction the weights, then the biases where there are any.</param>
    /// <param name="shape">How the layer is built.</param>
    /// <param name="dropout">Between layers; 0 where it does not act.</param>
    public static Tensor[] Layer(
        string name, Tensor x, Tensor[] states, Tensor[] parameters, RecurrentShape shape, double dropout)
    {
        // invoke() makes a native scalar of each number and keeps none of them alive.
        using Scalar layers = shape.Layers, share = dropout;
        bool biases = parameters.Length == 4 * shape.Layers * shape.Directions;
        return (Tensor[])unit.Value.invoke(
            name, x, states, parameters, biases, layers, share, dropout > 0, shape.Directions == 2, shape.BatchFirst);
    }

    /// <summary>One step of a recurrent layer: its new states.</summary>
    /// <param name="name">lstm_cell, gru_cell, rnn_tanh_cell or rnn_relu_cell.</param>
    /// <param name="x">Input (batch, channels).</param>
    /// <param name="states">The states (batch, hidden).</param>
    /// <param name="parameters">The weights, then the biases where there are any.</param>
    public static Tensor[] Cell(string name, Tensor x, Tensor[] states, Tensor[] parameters) =>
        (Tensor[])unit.Value.invoke(name, x, states, parameters);
}
