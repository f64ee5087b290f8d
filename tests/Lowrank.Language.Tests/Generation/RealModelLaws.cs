using static TorchSharp.torch;

namespace Lowrank.Language.Tests;

/// <summary>The same laws on a real small model, where one is at hand.</summary>
public class RealModelLaws
{
    static readonly string[] prompts = ["The capital of France is", "Once upon a time, in a small house near the sea,", "Gravity"];

    static LanguageModel Load(ScalarType? dtype = null)
    {
        string folder = RealModels.Need("smollm2-135m-instruct");
        string file = Directory.EnumerateFiles(folder, "*.gguf").Order(StringComparer.Ordinal).First();
        return LanguageModel.Load(file, dtype is { } kept ? new Lowrank.Torch.Layers.Storage(kept) : null);
    }

    [Fact]
    public void AThousandTokensLeaveTensorsAndMemoryAsTheyWere()
    {
        using var model = Load();
        const int Tokens = 1000, Settled = 100;
        const long Most = 128L << 20;   // keys and values of the rows themselves are 45 MB
        long tensors = 0, bytes = 0, written = 0;
        var listener = new Listener(() =>
        {
            if (++written == Settled) (tensors, bytes) = (LeakGuard.Live, UnmanagedBytes());
            if (written > Settled) Assert.InRange(LeakGuard.Live, 0, tensors);
        });
        var request = new GenerationRequest(model.Prompt(prompts[1]), TinyModel.Drawn(Tokens, seed: 5));
        model.GenerateAll([request], listener: listener, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(Tokens, written);
        Assert.InRange(UnmanagedBytes() - bytes, long.MinValue, Most);
    }

    // How much the collector keeps for itself between collections goes by the machine's caches.
    static long UnmanagedBytes()
    {
        GC.Collect();
        return Environment.WorkingSet - GC.GetGCMemoryInfo(GCKind.FullBlocking).TotalCommittedBytes;
    }

    // In float32, where no two logits lie as near as the rounding of sums in another order.
    [Fact]
    public async Task TextsAreTheSameAloneAndTogetherWholeAndInPieces()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var model = Load(ScalarType.Float32);
        var requests = prompts.Select(prompt => new GenerationRequest(model.Prompt(prompt), TinyModel.Likeliest(12))).ToList();
        var together = model.GenerateAll(requests, cancel: cancel);
        foreach (var (request, text) in requests.Zip(together))
            Assert.Equal(model.GenerateAll([request], cancel: cancel)[0].Ids, text.Ids);
        var pieces = new System.Text.StringBuilder();
        await foreach (string piece in model.Stream(prompts[0], TinyModel.Likeliest(12), cancel)) pieces.Append(piece);
        Assert.Equal(together[0].Text, pieces.ToString());
    }

    [Fact]
    public void AConversationThatIsKeptSaysWhatOneThatIsReadAnewSays()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var model = Load(ScalarType.Float32);
        using var conversation = new OngoingConversation(model, options: new GenerationOptions().AtMost(16));
        foreach (string message in new[] { "What is the capital of France?", "And of Italy?", "Thank you." })
        {
            var anew = model.Prompt(new Conversation([.. conversation.Messages, new("user", message)]));
            var wanted = model.Generate(anew, conversation.Options, cancel);
            var answer = conversation.Answer(message, cancel: cancel);
            Assert.Equal(wanted.Ids, answer.Ids);
            bool isFirst = conversation.Messages.Count == 2;
            if (!isFirst) Assert.InRange(answer.CachedTokens, answer.PromptTokens / 2, answer.PromptTokens - 1);
        }
    }

    sealed class Listener(Action tell) : IProgress<GeneratedPiece>
    {
        public void Report(GeneratedPiece value) => tell();
    }
}
