using Lowrank.Adapters;
using Lowrank.Language;
using Lowrank.Models;

namespace Lowrank.Stranger.Tests;

/// <summary>llama.cpp writes the same texts as we do, from SmolLM2 in a GGUF file of ours and an adapter of ours.</summary>
public class RealModelTests
{
    const int Tokens = 20, Enough = 8;

    static readonly string[] prompts =
    [
        "The capital of France is", "Once upon a time", "The three laws of motion are", "My favourite book is", "To bake bread, you need",
        "The sun rises in the", "def fibonacci(n):", "Water boils at", "The best way to learn a language is", "In the year 1969,",
    ];

    [Theory, InlineData("f16"), InlineData("bf16")]
    public void GreedyTextsWithAnAdapterAreTheSame(string dtype)
    {
        string source = Directory.GetFiles(RealModels.Need("smollm2-135m-instruct"), "*.gguf").Single();
        using var folder = new TemporaryFolder();
        string path = folder["model.gguf"], adapterPath = folder["adapter.gguf"];
        Rewrite(source, path, dtype == "f16" ? TensorDtype.F16 : TensorDtype.BF16);
        using var model = LanguageModel.Load(path, new Torch.Layers.Storage(ScalarType.Float32));
        Write(adapterPath, model.Network);
        var options = new GenerationOptions { IgnoresEnd = true }.AtMost(Tokens);
        var plain = prompts.Select(prompt => model.Generate(prompt, options).Ids).ToList();
        model.Adapters.Load(adapterPath);
        var ours = prompts.Select(prompt => model.Generate(prompt, options).Ids).ToList();
        Assert.Contains(ours.Zip(plain), pair => !pair.First.SequenceEqual(pair.Second));   // the adapter says something
        using var theirs = new LlamaCpp(path, 256);
        theirs.Adapt((adapterPath, 1));
        int same = prompts.Index().Count(one => theirs.Greedy(model.Prompt(one.Item), Tokens).SequenceEqual(ours[one.Index]));
        TestContext.Current.TestOutputHelper?.WriteLine($"{dtype}: {same} of {prompts.Length} texts are the same over {Tokens} tokens");
        Assert.True(same >= Enough, $"{same} of {prompts.Length} texts are the same, {Enough} are to be");
    }

    static void Rewrite(string source, string path, TensorDtype dtype)
    {
        using var file = Gguf.Open(source);
        Gguf.Save(path, file.Entries, file.Tensors.Select(info => info.Dtype == TensorDtype.F32 || info.Shape.Length < 2
            ? file.SourceOf(info.Name)
            : new(info with { Dtype = dtype }, () => file.Read(info.Name).to(dtype.ToScalarType()))));
    }

    // Small factors at every layer's queries and values.
    static void Write(string path, CausalModel network)
    {
        using var generator = new Generator(7);
        var model = network.Describe();
        var targets = model.Components.SelectMany(component => component.Targets).Select(one => one.Target)
            .Where(target => target.Path.EndsWith("q_proj", StringComparison.Ordinal) || target.Path.EndsWith("v_proj", StringComparison.Ordinal));
        using var adapter = AdapterFactory.Create(targets, new LoraOptions(4) { Alpha = 8 }, generator);
        using (no_grad())
            foreach (var part in adapter.Trainable) part.copy_(randn(part.shape, generator: generator, device: CPU) * 0.05);
        AdapterFile.Write(path, adapter, model, "gguf");
    }
}
