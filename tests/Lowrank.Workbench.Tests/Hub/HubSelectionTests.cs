using System.Text;

namespace Lowrank.Workbench.Tests;

public class HubSelectionTests
{
    sealed class Listing(params (string Path, string Text)[] files) : IHubListing
    {
        public string Name => "o/n";

        public IReadOnlyList<HubFile> Files { get; } = [.. files.Select(file => new HubFile(file.Path, Encoding.UTF8.GetByteCount(file.Text), "")).OrderBy(file => file.Path, StringComparer.Ordinal)];

        public string ReadText(HubFile file) => files.First(one => one.Path == file.Path).Text;
    }

    static Listing Of(string paths, params (string Path, string Text)[] texts) =>
        new([.. paths.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(path => (path, "bytes")), .. texts]);

    static HubChoice Choose(Listing listing, string? path = null, string[]? include = null, string[]? exclude = null) =>
        new HubSelection(listing).Choose(path, new(include ?? [], exclude ?? []));

    static string Paths(HubChoice choice) => string.Join(' ', choice.Files.Select(file => file.Path));

    [Fact]
    public void OfALanguageModelTheSafetensorsAndTheTextsAreNeeded()
    {
        var choice = Choose(Of("config.json generation_config.json tokenizer.json tokenizer_config.json chat_template.jinja README.md .gitattributes " +
            "model.safetensors pytorch_model.bin flax_model.msgpack tf_model.h5 rust_model.ot onnx/model.onnx original/consolidated.00.pth coreml/x.safetensors"));
        Assert.Equal("chat_template.jinja config.json generation_config.json model.safetensors tokenizer.json tokenizer_config.json", Paths(choice));
        Assert.Equal(("model", ""), (choice.What, choice.Place));
    }

    [Fact]
    public void PatternsBesideOneFileAreToldAsUnused()
    {
        var choice = Choose(Of("a.safetensors b.json"), "a.safetensors", include: ["*.json"], exclude: ["b*"]);
        Assert.Equal("a.safetensors", Paths(choice));
        Assert.Equal(["`include` *.json, `exclude` b*: not used, as a.safetensors is one file"], choice.Notes);
    }

    [Fact]
    public void OfShardsThoseThatTheIndexNames()
    {
        var listing = Of("config.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors consolidated.safetensors model-00009-of-00009.safetensors",
            ("model.safetensors.index.json", """{"metadata": {}, "weight_map": {"a": "model-00002-of-00002.safetensors", "b": "model-00001-of-00002.safetensors", "c": "model-00001-of-00002.safetensors"}}"""));
        Assert.Equal("config.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors model.safetensors.index.json", Paths(Choose(listing)));
        var lacking = Of("config.json", ("model.safetensors.index.json", """{"weight_map": {"a": "model-1.safetensors"}}"""));
        Assert.Equal(["model-1.safetensors"], Choose(lacking).Missing);
        foreach (string index in new[] { "{}", "[]", "no json", """{"weight_map": {"a": "../../x"}}""", """{"weight_map": {"a": 1}}""", """{"weight_map": {"a": null}}""" })
            Assert.Contains("no index", Assert.Throws<LowrankException>(() => Choose(Of("config.json", ("model.safetensors.index.json", index)))).Message);
    }

    [Fact]
    public void PicklesAreTakenWhereThereIsNothingElse() =>
        Assert.Equal("config.json pytorch_model.bin", Paths(Choose(Of("config.json pytorch_model.bin training_args.bin flax_model.msgpack"))));

    const string Index = """
        {"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.20", "unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"],
         "text_encoder": ["transformers", "CLIPTextModel"], "tokenizer": ["transformers", "CLIPTokenizer"], "scheduler": ["diffusers", "PNDMScheduler"],
         "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"], "image_encoder": [null, null], "requires_safety_checker": true}
        """;

    [Fact]
    public void OfADiffusersFolderThePartsThatItsIndexNamesEachOnce()
    {
        var choice = Choose(Of("v1-5-pruned.safetensors v1-5-pruned-emaonly.ckpt README.md unet/config.json unet/diffusion_pytorch_model.safetensors " +
            "unet/diffusion_pytorch_model.fp16.safetensors unet/diffusion_pytorch_model.non_ema.safetensors unet/diffusion_pytorch_model.bin unet/model.onnx " +
            "vae/config.json vae/diffusion_pytorch_model.fp16.safetensors vae_decoder/model.onnx text_encoder/config.json text_encoder/model.safetensors " +
            "text_encoder/pytorch_model.bin text_encoder/flax_model.msgpack text_encoder/openvino_model.bin tokenizer/vocab.json tokenizer/merges.txt " +
            "tokenizer/tokenizer_config.json scheduler/scheduler_config.json safety_checker/config.json safety_checker/model.safetensors", ("model_index.json", Index)));
        Assert.Equal("model_index.json scheduler/scheduler_config.json text_encoder/config.json text_encoder/model.safetensors tokenizer/merges.txt " +
            "tokenizer/tokenizer_config.json tokenizer/vocab.json unet/config.json unet/diffusion_pytorch_model.safetensors vae/config.json " +
            "vae/diffusion_pytorch_model.fp16.safetensors", Paths(choice));
        Assert.Empty(choice.Missing);
        Assert.Contains("safety_checker", Assert.Single(choice.Notes));
    }

    [Fact]
    public void AFolderWithoutAPartThatItNamesLacksIt()
    {
        var choice = Choose(Of("unet/config.json vae/config.json vae/diffusion_pytorch_model.safetensors tokenizer/vocab.json scheduler/scheduler_config.json", ("model_index.json", Index)));
        Assert.Equal(["the weights of unet", "text_encoder"], choice.Missing);
    }

    [Fact]
    public void OfAnAdapterItsFilesAndWhatItSaysOfTexts()
    {
        string files = "adapter_config.json adapter_model.safetensors adapter_model.bin README.md tokenizer.json special_tokens_map.json optimizer.pt training_args.bin checkpoint-5/adapter_model.safetensors";
        Assert.Equal("README.md adapter_config.json adapter_model.safetensors special_tokens_map.json tokenizer.json", Paths(Choose(Of(files))));
        var below = Choose(Of("a/adapter_config.json a/adapter_model.bin b/adapter_config.json b/adapter_model.safetensors"), "a");
        // diffusers keeps an adapter of a pipeline in a folder for each part.
        var parts = Choose(Of("unet/adapter_config.json unet/adapter_model.safetensors text_encoder/adapter_config.json text_encoder/adapter_model.safetensors README.md"));
        Assert.Equal(("adapter", "", 5), (parts.What, parts.Place, parts.Files.Count));
        Assert.Equal(("a", "a/adapter_config.json a/adapter_model.bin"), (below.Place, Paths(below)));
        var mlx = Choose(Of("adapter_config.json adapters.safetensors 0000100_adapters.safetensors README.md"));
        Assert.Equal(("adapter", "README.md adapter_config.json adapters.safetensors"), (mlx.What, Paths(mlx)));
    }

    [Fact]
    public void OfSingleFilesTheOneThatThereIs()
    {
        Assert.Equal("ink.safetensors", Choose(Of("ink.safetensors README.md picture.png")).Place);
        Assert.Equal("ink.safetensors", Choose(Of("ink.safetensors ink.ckpt")).Place);
        Assert.Equal("ink.safetensors", Choose(Of("ink.safetensors steps/100.safetensors steps/200.safetensors")).Place);
        Assert.Equal("b/c.pt", Choose(Of("a.safetensors b/c.pt"), "b/c.pt").Place);
        Assert.Equal("n-Q4_0.gguf", Choose(Of("config.json n-Q4_0.gguf README.md")).Place);
        Assert.Contains("n-Q8_0.gguf", Assert.Throws<LowrankException>(() => Choose(Of("n-Q4_0.gguf n-Q8_0.gguf"))).Message);
        var error = Assert.Throws<LowrankException>(() => Choose(Of("a.safetensors b.safetensors")));
        Assert.Contains("hf:o/n//a.safetensors: a.safetensors (5 bytes), b.safetensors (5 bytes)", error.Message);
        Assert.Contains("no weights", Assert.Throws<LowrankException>(() => Choose(Of("README.md"))).Message);
        Assert.Contains("Nearest: ink.safetensors", Assert.Throws<LowrankException>(() => Choose(Of("ink.safetensors"), "inc.safetensors")).Message);
    }

    [Fact]
    public void PatternsTakeInPlaceOfTheChoiceAndLeaveOutOfIt()
    {
        var listing = Of("config.json model.safetensors tokenizer.json onnx/model.onnx onnx/b/model.onnx");
        Assert.Equal("onnx/b/model.onnx onnx/model.onnx", Paths(Choose(listing, include: ["*.onnx"])));
        Assert.Equal("onnx/b/model.onnx", Paths(Choose(listing, include: ["onnx/"], exclude: ["onnx/m[a-o]del.onn?"])));
        Assert.Equal("config.json model.safetensors", Paths(Choose(listing, exclude: ["tokenizer*"])));
        Assert.Equal(["`exclude` *.bin fits no file"], Choose(listing, exclude: ["*.bin"]).Notes);
        Assert.Throws<LowrankException>(() => Choose(listing, include: ["*.bin"]));
        Assert.Equal("model.safetensors", Paths(Choose(listing, include: ["model.[!o]*"])));
    }
}
