using LLama;
using LLama.Common;
using LLama.Native;

namespace Lowrank.Stranger.Tests;

/// <summary>A model in llama.cpp.</summary>
sealed class LlamaCpp : IDisposable
{
    // Messages of the native library are told where something fails.
    static readonly List<string> said = [];

    static LlamaCpp() => NativeLibraryConfig.All.WithLogCallback((_, message) =>
    {
        lock (said) said.Add(message);
    });

    readonly LLamaWeights weights;
    readonly LLamaContext context;

    public LlamaCpp(string path, uint tokens)
    {
        // In f32 what can be: rounding of what it keeps between the layers says nothing of the files.
        var parameters = new ModelParams(path)
        {
            ContextSize = tokens, GpuLayerCount = 0, Threads = 1, BatchThreads = 1, FlashAttention = false,
            TypeK = GGMLType.GGML_TYPE_F32, TypeV = GGMLType.GGML_TYPE_F32,
        };
        weights = Told(() => LLamaWeights.LoadFromFile(parameters));
        context = weights.CreateContext(parameters);
    }

    /// <summary>Puts adapters on the model, in place of those before.</summary>
    public void Adapt(params (string Path, float Strength)[] adapters) =>
        context.NativeHandle.SetLoraAdapters([.. adapters.Select(one => (Told(() => weights.NativeHandle.LoadLoraFromFile(one.Path)), one.Strength))]);

    /// <summary>Logits of every token of a row, one row behind the other.</summary>
    public float[] Logits(IReadOnlyList<int> tokens)
    {
        context.NativeHandle.MemoryClear();
        var batch = new LLamaBatch();
        foreach (var (at, token) in tokens.Index()) batch.Add(token, at, LLamaSeqId.Zero, true);
        Assert.Equal(DecodeResult.Ok, context.NativeHandle.Decode(batch));
        var logits = new List<float>();
        for (int at = 0; at < tokens.Count; at++) logits.AddRange(context.NativeHandle.GetLogitsIth(at));
        return [.. logits];
    }

    /// <summary>The likeliest tokens behind a prompt.</summary>
    public IReadOnlyList<int> Greedy(IReadOnlyList<int> prompt, int count)
    {
        context.NativeHandle.MemoryClear();
        var written = new List<int>();
        IReadOnlyList<int> next = prompt;
        for (int place = 0; written.Count < count; place += next.Count, next = [written[^1]])
        {
            var batch = new LLamaBatch();
            foreach (var (at, token) in next.Index()) batch.Add(token, place + at, LLamaSeqId.Zero, at == next.Count - 1);
            Assert.Equal(DecodeResult.Ok, context.NativeHandle.Decode(batch));
            var logits = context.NativeHandle.GetLogitsIth(next.Count - 1);
            written.Add(logits.IndexOf(Max(logits)));
        }
        return written;
    }

    static float Max(Span<float> logits)
    {
        float most = logits[0];
        foreach (float logit in logits) most = Math.Max(most, logit);
        return most;
    }

    static T Told<T>(Func<T> load)
    {
        lock (said) said.Clear();
        try
        {
            return load();
        }
        catch (Exception error)
        {
            lock (said) throw new InvalidOperationException($"{error.Message} llama.cpp said: {string.Concat(said.TakeLast(8))}", error);
        }
    }

    public void Dispose()
    {
        context.Dispose();
        weights.Dispose();
    }
}
