namespace Lowrank.Bench;

/// <summary>Attention forward and backward, beside libtorch's kernel on the same tensors.</summary>
static class AttentionTimes
{
    /// <summary>A shape; keys are as many as tokens where they are not given.</summary>
    sealed record Shape(long Batch, long Heads, long Tokens, long Width, long? Keys = null, bool Causal = false)
    {
        public string Told => $"({Batch}, {Heads}, {Tokens}{(Keys is null ? "" : $"x{Keys}")}, {Width})";
    }

    static readonly Shape[] shapes =
    [
        new(4, 12, 256, 64),
        new(4, 4, 256, 16),
        new(8, 4, 64, 16),
        new(1, 8, 1024, 40, Keys: 77),   // SD 1.5 at 256x256 and 512x512, text and self
        new(1, 8, 4096, 40, Keys: 77),
        new(1, 8, 1024, 40),
        new(1, 8, 4096, 40),
        new(1, 12, 1024, 64),
        new(1, 9, 2048, 64),
        new(2, 10, 1024, 64),            // SD XL
        new(2, 10, 1024, 64, Keys: 77),
        new(4, 12, 256, 64, Causal: true),
        new(4, 9, 256, 64, Causal: true),
        new(4, 12, 512, 64, Causal: true),
        new(1, 9, 1024, 64, Causal: true),
        new(1, 9, 2048, 64, Causal: true),
    ];

    public static void Run(Report report, IReadOnlyList<ScalarType> dtypes)
    {
        foreach (var dtype in dtypes)
            foreach (var shape in shapes)
            {
                string what = shape.Causal ? "causal attention, fwd + bwd" : "attention, fwd + bwd";
                var about = new Row(Section.Attention, what, shape.Told, Dtypes.Name(dtype));
                report.Measure(about, () =>
                {
                    using var scope = NewDisposeScope();
                    return [Measure(about, shape, dtype)];
                });
            }
    }

    const string Ours = "ours", Peer = "libtorch's kernel";

    // Logits of a call from which on its memory is looked at: below, a process at rest moves as much.
    const long Large = 20_000_000;

    static Row Measure(Row about, Shape shape, ScalarType dtype)
    {
        var medians = new Rounds(AtLeast: 5, AtMost: 200, Seconds: 1).Medians(Passes(shape, dtype));
        bool isLarge = shape.Batch * shape.Heads * shape.Tokens * (shape.Keys ?? shape.Tokens) >= Large;
        double? Memory(string way) =>
            isLarge ? PeakMemory.Measure("attention-of", $"{Array.IndexOf(shapes, shape)}", Dtypes.Name(dtype), way).Added : null;
        return about with
        {
            Seconds = medians[Ours],
            Peer = Peer,
            PeerSeconds = medians[Peer],
            Aim = Aims.Attention(dtype, shape.Tokens, shape.Causal),
            Megabytes = Memory(Ours),
            PeerMegabytes = Memory(Peer),
        };
    }

    /// <summary>The child's side: peak memory of a shape, which is given by its place in the list.</summary>
    public static void Child(int shape, ScalarType dtype, string way)
    {
        using var scope = NewDisposeScope();
        // A short pass first: what is loaded at a kernel's first use is no part of it.
        BenchClock.Seconds(Passes(shapes[shape] with { Tokens = 64, Keys = null }, dtype)[way]);
        var pass = Passes(shapes[shape], dtype)[way];
        ProcessMemory.Trim();
        PeakMemory.Report(pass);
    }

    static Dictionary<string, Action> Passes(Shape shape, ScalarType dtype)
    {
        random.manual_seed(1);
        long channels = shape.Heads * shape.Width;
        Tensor Draw(long tokens) => randn(shape.Batch, tokens, channels).to(dtype).requires_grad_();
        var (query, key, value) = (Draw(shape.Tokens), Draw(shape.Keys ?? shape.Tokens), Draw(shape.Keys ?? shape.Tokens));
        var gradient = randn(shape.Batch, shape.Tokens, channels).to(dtype);
        Action Of(Func<Tensor> forward) => () =>
        {
            forward().backward([gradient]);
            Backward.Rethrow();
            foreach (var input in new[] { query, key, value }) input.grad = null;
        };
        return new()
        {
            [Ours] = Of(() => Attention.Run(query, key, value, shape.Heads, causal: shape.Causal)),
            [Peer] = Of(() => Kernel(query, key, value, shape)),
        };
    }

    // (B, T, C) to (B, heads, T, width), and back.
    static Tensor Kernel(Tensor query, Tensor key, Tensor value, Shape shape)
    {
        Tensor Split(Tensor x) => x.view(shape.Batch, x.shape[1], shape.Heads, shape.Width).transpose(1, 2);
        var answer = nn.functional.scaled_dot_product_attention(Split(query), Split(key), Split(value), is_casual: shape.Causal);
        return answer.transpose(1, 2).reshape(shape.Batch, shape.Tokens, shape.Heads * shape.Width);
    }
}
