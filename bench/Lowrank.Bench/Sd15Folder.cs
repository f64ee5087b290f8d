using System.Text.Json;

namespace Lowrank.Bench;

/// <summary>
/// A model folder with Stable Diffusion 1.5's shapes and random weights in bfloat16, 2.1 GB: for measuring what needs a whole model.
/// </summary>
static class Sd15Folder
{
    /// <summary>Writes the folder, or takes the one that an earlier run left.</summary>
    public static string Make(string root)
    {
        var folder = Path.Combine(Path.GetTempPath(), "lowrank-bench-sd15");
        if (File.Exists(Path.Combine(folder, "model_index.json"))) return folder;
        Copy(Path.Combine(root, "models", "emoji-sd", "tokenizer"), Path.Combine(folder, "tokenizer"));
        Copy(Path.Combine(root, "models", "emoji-sd", "scheduler"), Path.Combine(folder, "scheduler"));
        var storage = new Storage(ScalarType.BFloat16);
        Write(folder, "unet", "diffusion_pytorch_model", () => new UNet2DConditionModel(UNetConfig.Sd15, storage), new
        {
            _class_name = "UNet2DConditionModel",
            in_channels = 4,
            out_channels = 4,
            sample_size = 64,
            layers_per_block = 2,
            block_out_channels = new[] { 320, 640, 1280, 1280 },
            attention_head_dim = 8,
            cross_attention_dim = 768,
            norm_num_groups = 32,
            norm_eps = 1e-5,
            flip_sin_to_cos = true,
            freq_shift = 0,
            act_fn = "silu",
            down_block_types = new[] { "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D" },
            up_block_types = new[] { "UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D" },
        });
        Write(folder, "vae", "diffusion_pytorch_model", () => new AutoencoderKL(VaeConfig.Sd15, storage), new
        {
            _class_name = "AutoencoderKL",
            in_channels = 3,
            out_channels = 3,
            latent_channels = 4,
            layers_per_block = 2,
            block_out_channels = new[] { 128, 256, 512, 512 },
            norm_num_groups = 32,
            act_fn = "silu",
            sample_size = 512,
            scaling_factor = 0.18215,
            down_block_types = Enumerable.Repeat("DownEncoderBlock2D", 4),
            up_block_types = Enumerable.Repeat("UpDecoderBlock2D", 4),
        });
        Write(folder, "text_encoder", "model", () => new ClipTextModel(ClipTextConfig.Sd15, storage), new
        {
            architectures = new[] { "CLIPTextModel" },
            model_type = "clip_text_model",
            hidden_size = 768,
            intermediate_size = 3072,
            num_hidden_layers = 12,
            num_attention_heads = 12,
            hidden_act = "quick_gelu",
            max_position_embeddings = 77,
            vocab_size = 49408,
            layer_norm_eps = 1e-5,
            projection_dim = 768,
            bos_token_id = 0,
            eos_token_id = 2,
            pad_token_id = 1,
        });
        // Last: its presence says that the folder is whole.
        File.Copy(Path.Combine(root, "models", "emoji-sd", "model_index.json"), Path.Combine(folder, "model_index.json"));
        return folder;
    }

    static void Write(string folder, string component, string stem, Func<nn.Module> make, object config)
    {
        using var scope = NewDisposeScope();
        using var module = RandomWeights.Fill(make());
        Directory.CreateDirectory(Path.Combine(folder, component));
        File.WriteAllText(Path.Combine(folder, component, "config.json"), JsonSerializer.Serialize(config));
        Safetensors.Save(Path.Combine(folder, component, stem + ".safetensors"), module.state_dict(), null);
    }

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }
}
