using LLama;
using LLama.Common;
using LLama.Native;

namespace Lowrank.Bench;

/// <summary>llama.cpp with a model: the peer of what writes.</summary>
sealed class LlamaCpp : IDisposable
{
    const int Context = 1024;

    readonly LLamaWeights weights;
    readonly LLamaContext context;

    /// <summary>Opens a GGUF file on as many threads as libtorch has.</summary>
    public LlamaCpp(string path)
    {
        int threads = get_num_threads();
        var parameters = new ModelParams(path)
        {
            ContextSize = Context, BatchSize = Context, UBatchSize = Context / 2, Threads = threads, BatchThreads = threads,
            GpuLayerCount = 0,
        };
        weights = LLamaWeights.LoadFromFile(parameters);
        context = weights.CreateContext(parameters);
    }

    // What it tells of itself; once, before the library is loaded.
    static LlamaCpp() => NativeLibraryConfig.All.WithLogCallback((_, _) => { });

    /// <summary>Reads a prompt and goes on with the likeliest token, so many times.</summary>
    /// <returns>What it wrote.</returns>
    public IReadOnlyList<int> Write(IReadOnlyList<int> prompt, int tokens)
    {
        var native = context.NativeHandle;
        native.MemoryClear();
        var batch = new LLamaBatch();
        for (int i = 0; i < prompt.Count; i++) batch.Add((LLamaToken)prompt[i], i, LLamaSeqId.Zero, i == prompt.Count - 1);
        Decode(native, batch);
        var written = new List<int>();
        for (int row = prompt.Count - 1; written.Count < tokens; row = 0)
        {
            written.Add(Likeliest(native.GetLogitsIth(row)));
            if (written.Count == tokens) break;
            batch.Clear();
            batch.Add((LLamaToken)written[^1], prompt.Count + written.Count - 1, LLamaSeqId.Zero, true);
            Decode(native, batch);
        }
        return written;
    }

    static void Decode(SafeLLamaContextHandle native, LLamaBatch batch)
    {
        var result = native.Decode(batch);
        if (result != DecodeResult.Ok) throw new LowrankException($"llama.cpp answers {result} to {batch.TokenCount} tokens");
    }

    static int Likeliest(ReadOnlySpan<float> logits) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits);

    public void Dispose()
    {
        context.Dispose();
        weights.Dispose();
    }
}
