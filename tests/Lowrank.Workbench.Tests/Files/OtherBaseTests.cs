namespace Lowrank.Workbench.Tests;

/// <summary>An adapter of another base: for which one it looks made stands in the error, whoever reads it.</summary>
public sealed class OtherBaseTests : IDisposable
{
    const string Base = "meta-llama/Llama-2-7b-hf";

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // A PEFT folder over one matrix of each layer.
    string Made(string name, int layers, long width, string path, params string[] others)
    {
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(folder[name]);
        var paths = Enumerable.Range(0, layers).Select(layer => path.Replace("{}", $"{layer}", StringComparison.Ordinal)).Concat(others);
        var tensors = paths.Select(one => $"base_model.model.{one}").SelectMany(layer => new[] { KeyValuePair.Create(layer + ".lora_A.weight", ones(1, width)), KeyValuePair.Create(layer + ".lora_B.weight", ones(width, 1)) });
        Safetensors.Save(Path.Combine(folder[name], "adapter_model.safetensors"), tensors.ToList(), null);
        File.WriteAllText(Path.Combine(folder[name], "adapter_config.json"),
            $$"""{"peft_type": "LORA", "r": 1, "lora_alpha": 1, "target_modules": ["{{path.Split('.')[^1]}}"], "base_model_name_or_path": "{{Base}}"}""");
        return folder[name];
    }

    static string Fault(Action act) => Assert.ThrowsAny<LowrankException>(act).Message;

    static string Written(string adapter) => Fault(() => new WritingJob().Run(new(new(WritingCases.Base) { Adapters = [new(adapter)], Device = "cpu" }, ["x"])));

    string Merged(string model, string adapter)
    {
        string fault = Fault(() => RunJobs.Merge(new(folder["merged"]) { Base = new(model), Adapters = [new(adapter)], Device = "cpu" }));
        Assert.False(Directory.Exists(folder["merged"]));
        return fault;
    }

    static string Evaluated(string adapter, string rows) =>
        Fault(() => new EvaluatingJob().Run(new(new(WritingCases.Base) { Adapters = [new(adapter)], Device = "cpu" }, rows)));

    [Fact]
    public void ALargerModelOfTheSameNamesIsToldByItsSizesAndItsSettings()
    {
        string adapter = Made("large", 32, 4096, "model.layers.{}.self_attn.q_proj"), rows = folder["rows.txt"];
        File.WriteAllText(rows, "a text\n");
        foreach (string fault in new[] { Written(adapter), Merged(WritingCases.Base, adapter), Evaluated(adapter, rows) })
        {
            Assert.Contains($"does not fit the model. It looks like an adapter for a model with 32 layers of width 4096 (by its settings: {Base}), and the model is Llama with 2 layers of width 64.", fault);
            Assert.Contains("more faults", fault);
        }
    }

    [Theory]
    [InlineData("transformer.h.{}.attn.c_attn", "GPT-2")]
    [InlineData("gpt_neox.layers.{}.attention.query_key_value", "GPT-NeoX or Pythia")]
    [InlineData("model.layers.{}.self_attn.qkv_proj", "Phi-3")]
    [InlineData("encoder.block.{}.layer.0.SelfAttention.q", "T5")]
    [InlineData("bert.encoder.layer.{}.attention.self.query", "BERT or alike (RoBERTa, DeBERTa)")]
    public void AnotherLanguageModelIsToldByItsNames(string path, string title) => Assert.Contains(
        $"It looks like an adapter for {title} with 12 layers of width 768", Written(Made("other", 12, 768, path)));

    [Fact]
    public void AnAdapterForPicturesIsToldByItsBlocks()
    {
        string tiny = folder["tiny.safetensors"];
        using (var scope = NewDisposeScope())
        {
            const string Layer = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q";
            Safetensors.Save(tiny, [KeyValuePair.Create(Layer + ".lora_down.weight", ones(2, 64)), KeyValuePair.Create(Layer + ".lora_up.weight", ones(64, 2))], null);
        }
        Assert.Contains("an adapter for Stable Diffusion, and the model is Llama with 2 layers of width 64", Written(tiny));
        Assert.Contains("an adapter for Stable Diffusion, and the model is Llama with 2 layers", Merged(WritingCases.Base, tiny));
        string flux = CaseFiles.Of("flux_kohya.a.safetensors");
        Assert.Contains("an adapter for Flux.1 or Chroma, and the model is Llama", Written(flux));
        Assert.Contains("is made for Flux.1 or Chroma, and", Merged(WritingCases.Base, flux));
    }

    [Fact]
    public void AnAdapterForTextOnAModelOfPicturesIsToldToo()
    {
        string lyon = WritingCases.Of("adapters/lyon");
        const string Told = "It looks like an adapter for Llama or alike (Mistral, Qwen, Gemma) with 2 layers of width 64 (by its settings: bases/chat), and the model is SD 1.x.";
        Assert.Contains(Told, Merged(EmojiModel.Folder, lyon));
        using var model = StableDiffusion.Load(EmojiModel.Folder, new(ScalarType.Float32));
        Assert.Contains(Told, Fault(() => new AttachedAdapters(model, [new AdapterChoice(lyon)]).Dispose()));
    }

    [Fact]
    public void FactorsOfAnotherBasesTableAreNotTakenForAddedTokens()
    {
        string adapter = Made("head", 32, 4096, "model.layers.{}.self_attn.q_proj", "lm_head");
        Assert.Contains("32 layers of width 4096", Written(adapter));
    }

    [Fact]
    public void AdaptersOfTwoLanguageModelsAreNotJoined()
    {
        string llama = Made("one", 2, 32, "model.layers.{}.self_attn.q_proj"), gpt = Made("two", 2, 32, "transformer.h.{}.mlp.c_proj");
        string fault = Fault(() => RunJobs.Merge(new(folder["both"]) { Adapters = [new(llama), new(gpt)], Device = "cpu" }));
        Assert.Contains($"The adapters are made for different base models: {llama} for Llama or alike (Mistral, Qwen, Gemma) and {gpt} for GPT-2.", fault);
        Assert.False(Directory.Exists(folder["both"]));
        // Names that several families share: some model has both.
        string experts = Made("three", 2, 32, "model.layers.{}.mlp.shared_expert.up_proj");
        Assert.Equal(4, RunJobs.Merge(new(folder["mixed"]) { Adapters = [new(llama), new(experts)], Device = "cpu" }).Changed);
    }

    [Fact]
    public void AdaptersOfOneShapeThatWereTrainedOverDifferentModelsAreTold()
    {
        string lyon = WritingCases.Of("adapters/lyon"), other = folder["other"];
        Directory.CreateDirectory(other);
        File.Copy(Path.Combine(lyon, "adapter_model.safetensors"), Path.Combine(other, "adapter_model.safetensors"));
        string config = File.ReadAllText(Path.Combine(lyon, "adapter_config.json")).Replace("bases/chat", "bases/other", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(other, "adapter_config.json"), config);
        var report = RunJobs.Merge(new(folder["both"]) { Adapters = [new(lyon), new(other)], Device = "cpu" });
        Assert.Contains(report.Notes, note => note.Contains($"trained over different models, as their settings tell: {lyon} over bases/chat, {other} over bases/other.", StringComparison.Ordinal));
        Assert.DoesNotContain(RunJobs.Merge(new(folder["one"]) { Adapters = [new(lyon), new(lyon)], Device = "cpu" }).Notes, note => note.Contains("different models", StringComparison.Ordinal));

        // Of a conversation too, and not of measuring, where each works by itself.
        string text = folder["text.txt"];
        File.WriteAllText(text, "The capital of France is Paris.\n");
        var model = new WritingModelChoice(WritingCases.Base) { Adapters = [new(lyon), new(other)], Device = "cpu" };
        var told = new List<JobEvent>();
        new EvaluatingJob().Run(new(model, text), new Reported<JobEvent>(told.Add), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(told, one => $"{one}".Contains("Their sum", StringComparison.Ordinal));
        using var session = ChatSession.Open(new(model with { Adapters = [new(lyon)] }), new Reported<JobEvent>(told.Add));
        session.TakeAdapter(other);
        session.TakeAdapter(other);
        Assert.Single(told, one => $"{one}".Contains("Their sum", StringComparison.Ordinal));
    }

    [Fact]
    public void VirtualTokensOfAModelOfAnotherNameAreTold()
    {
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(folder["prompt"]);
        Safetensors.Save(Path.Combine(folder["prompt"], "adapter_model.safetensors"), [KeyValuePair.Create("prompt_embeddings", ones(3, 64) * 0.01)], null);
        File.WriteAllText(Path.Combine(folder["prompt"], "adapter_config.json"),
            $$"""{"peft_type": "PROMPT_TUNING", "task_type": "CAUSAL_LM", "num_virtual_tokens": 3, "token_dim": 64, "base_model_name_or_path": "{{Base}}"}""");
        var told = new List<JobEvent>();
        var choice = new WritingModelChoice(WritingCases.Base) { Adapters = [new(folder["prompt"])], Device = "cpu" };
        new WritingJob().Run(new(choice, ["x"]) { Choices = new() { MaxTokens = 1 } }, new Reported<JobEvent>(told.Add), TestContext.Current.CancellationToken);
        Assert.Contains(told, one => $"{one}".Contains($"was trained over {Base}, as its settings tell, and the model is {WritingCases.Base}", StringComparison.Ordinal));
    }
}
