namespace Lowrank.Adapters.Tests;

/// <summary>A module of TorchSharp that takes several tensors or has several weights, as tests run it.</summary>
/// <param name="Name">Its name in test lists.</param>
/// <param name="Make">A fresh one.</param>
/// <param name="Call">Its answers, by <c>call</c>, to inputs that are the same each time.</param>
/// <param name="Paths">Its targets below "model.inner".</param>
public sealed record SealedCase(string Name, Func<nn.Module> Make, Func<nn.Module, Tensor[]> Call, params string[] Paths)
{
    static readonly string[] attention = ["in_proj", "out_proj"], cell = ["weight_ih", "weight_hh"], layer = ["weight_ih_l0", "weight_hh_l0"];

    static readonly string[] bothWays =
    [
        "weight_ih_l0", "weight_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse", "weight_ih_l1", "weight_hh_l1", "weight_ih_l1_reverse",
        "weight_hh_l1_reverse",
    ];

    public static IReadOnlyList<SealedCase> All { get; } =
    [
        new("Bilinear", () => nn.Bilinear(4, 5, 3), m => [((TorchSharp.Modules.Bilinear)m).call(Numbers(2, 3, 4), Numbers(2, 3, 5))], ""),
        new("Bilinear without bias", () => nn.Bilinear(4, 5, 3, hasBias: false), m => [((TorchSharp.Modules.Bilinear)m).call(Numbers(2, 4), Numbers(2, 5))], ""),
        new("bag of means", () => nn.EmbeddingBag(7, 5), m => Bagged(m, Words(9), Offsets(0, 2, 2, 6)), ""),
        new("bag of sums without a word", () => nn.EmbeddingBag(7, 5, mode: EmbeddingBagMode.Sum, padding_index: 3), m => Bagged(m, Words(9), Offsets(0, 4), Numbers(9)), ""),
        new("bag of means without a word", () => nn.EmbeddingBag(7, 5, padding_index: 1), m => Bagged(m, Words(3, 4)), ""),
        new("bag of maxima to the last offset", () => nn.EmbeddingBag(7, 5, mode: EmbeddingBagMode.Max, include_last_offset: true), m => Bagged(m, Words(9), Offsets(0, 4, 9)), ""),
        new("bag without a word to the last offset", () => nn.EmbeddingBag(7, 5, padding_index: 3, include_last_offset: true), m => Bagged(m, Words(9), Offsets(0, 4, 9)), ""),
        new("attention", () => nn.MultiheadAttention(12, 3), m => Attended(m, Numbers(4, 2, 12)), attention),
        new("attention without bias", () => nn.MultiheadAttention(12, 4, bias: false), m => Attended(m, Numbers(4, 2, 12)), attention),
        new("attention of one head over others", () => nn.MultiheadAttention(12, 1), m => Attended(m, Numbers(4, 2, 12), Numbers(5, 2, 12), Numbers(5, 2, 12) * 2), attention),
        new("attention with masks", () => nn.MultiheadAttention(12, 6), m => Attended(m, Numbers(4, 2, 12), padding: Hidden(2, 4), mask: Numbers(4, 4)), attention),
        new("attention with a mask of choices", () => nn.MultiheadAttention(12, 3), m => Attended(m, Numbers(4, 2, 12), mask: Hidden(4, 4)), attention),
        new("attention with keys of its own", () => nn.MultiheadAttention(12, 2, add_bias_kv: true, add_zero_attn: true), m => Attended(m, Numbers(4, 2, 12), padding: Hidden(2, 4)), attention),
        new("attention of two widths", () => nn.MultiheadAttention(12, 3, kdim: 5, vdim: 5), m => Attended(m, Numbers(4, 2, 12), Numbers(5, 2, 5), Numbers(5, 2, 5) * 2), "q_proj", "k_proj", "v_proj", "out_proj"),
        new("LSTM", () => nn.LSTM(4, 5), m => Remembered(m, Numbers(6, 2, 4)), layer),
        new("LSTM both ways, the batch first", () => nn.LSTM(4, 5, numLayers: 2, bidirectional: true, batchFirst: true), m => Remembered(m, Numbers(2, 6, 4)), bothWays),
        new("LSTM with states", () => nn.LSTM(4, 5, bias: false), m => Remembered(m, Numbers(6, 2, 4), Numbers(1, 2, 5)), layer),
        new("GRU", () => nn.GRU(4, 5, batchFirst: true), m => Remembered(m, Numbers(2, 6, 4)), layer),
        new("GRU with a state", () => nn.GRU(4, 5, numLayers: 2, bidirectional: true), m => Remembered(m, Numbers(6, 2, 4), Numbers(4, 2, 5)), bothWays),
        new("RNN", () => nn.RNN(4, 5), m => Remembered(m, Numbers(6, 2, 4)), layer),
        new("RNN of relu", () => nn.RNN(4, 5, nonLinearity: nn.NonLinearities.ReLU, bias: false), m => Remembered(m, Numbers(6, 2, 4)), layer),
        new("LSTMCell", () => nn.LSTMCell(4, 5), m => Remembered(m, Numbers(2, 4), Numbers(2, 5)), cell),
        new("LSTMCell without bias", () => nn.LSTMCell(4, 5, bias: false), m => Remembered(m, Numbers(2, 4), Numbers(2, 5)), cell),
        new("GRUCell", () => nn.GRUCell(4, 5), m => Remembered(m, Numbers(2, 4)), cell),
        new("RNNCell of relu", () => nn.RNNCell(4, 5, nn.NonLinearities.ReLU), m => Remembered(m, Numbers(2, 4), Numbers(2, 5)), cell),
        new("RNNCell", () => nn.RNNCell(4, 5), m => Remembered(m, Numbers(2, 4)), cell),
    ];

    public static Tensor Numbers(params long[] shape) =>
        randn(shape, ScalarType.Float64, generator: new Generator(TestSeeds.Of((ulong)(shape.Length + shape[^1]))));

    static Tensor Words(params long[] shape) => (Numbers(shape).abs() * 10).to(ScalarType.Int64) % 7;

    static Tensor Offsets(params long[] offsets) => tensor(offsets);

    static Tensor[] Bagged(nn.Module module, Tensor ids, Tensor? offsets = null, Tensor? shares = null) =>
        [((TorchSharp.Modules.EmbeddingBag)module).call(ids, offsets!, shares!)];

    static Tensor Hidden(params long[] shape) => Numbers(shape) > 0.8;

    static Tensor[] Attended(nn.Module module, Tensor query, Tensor? key = null, Tensor? value = null, Tensor? padding = null, Tensor? mask = null)
    {
        var (answer, shares) = ((TorchSharp.Modules.MultiheadAttention)module).call(query, key ?? query, value ?? query, padding!, true, mask!);
        return [answer, shares];
    }

    static Tensor[] Remembered(nn.Module module, Tensor x, Tensor? state = null)
    {
        (Tensor, Tensor)? two = state is null ? null : (state, state * 0.5);
        switch (module)
        {
            case TorchSharp.Modules.LSTM lstm:
                var (y, h, c) = lstm.call(x, two);
                return [y, h, c];
            case TorchSharp.Modules.GRU gru:
                var (answer, last) = gru.call(x, state!);
                return [answer, last];
            case TorchSharp.Modules.RNN rnn:
                var (told, end) = rnn.call(x, state!);
                return [told, end];
            case TorchSharp.Modules.LSTMCell cell:
                var (hidden, kept) = cell.call(x, two);
                return [hidden, kept];
            default:
                return [((nn.Module<Tensor, Tensor, Tensor>)module).call(x, state!)];
        }
    }
}
