namespace Lowrank.Models.Tests;

public class CheckpointKindTests
{
    const string UNet = "model.diffusion_model.";

    static CheckpointKind? Of(params (string Name, long[] Shape)[] tensors) =>
        CheckpointKind.Of([.. tensors.Select(tensor => new TensorInfo(tensor.Name, TensorDtype.F16, tensor.Shape))]);

    static readonly (string, long[]) input = (UNet + "input_blocks.0.0.weight", [320, 4, 3, 3]), sizes = (UNet + "label_emb.0.0.weight", [1280, 2816]);

    static (string, long[])[] Halvings(int count) => [.. Enumerable.Range(1, count).Select(i => (UNet + $"input_blocks.{3 * i}.0.op.weight", new long[] { 1, 1, 3, 3 }))];

    [Fact]
    public void FamiliesAreToldByTextEncodersAndByTheNetworkWhereThoseLack()
    {
        Assert.Equal("sd1", Of(input, ("cond_stage_model.transformer.text_model.encoder.layers.0.layer_norm1.weight", [768]))!.Family);
        Assert.Equal("sd2", Of(input, ("cond_stage_model.model.transformer.resblocks.0.ln_1.weight", [1024]))!.Family);
        Assert.Equal("sdxl", Of(input, sizes, ("conditioner.embedders.1.model.transformer.resblocks.0.ln_1.weight", [1280]))!.Family);
        Assert.Equal("sdxl-refiner", Of(input, sizes, ("conditioner.embedders.0.model.transformer.resblocks.0.ln_1.weight", [1280]))!.Family);
        Assert.Equal("sd1", Of(input, (UNet + "middle_block.1.proj_in.weight", [1280, 1280, 1, 1]))!.Family);
        Assert.Equal("sd2", Of(input, (UNet + "middle_block.1.proj_in.weight", [1280, 1280]))!.Family);
        Assert.Equal("sdxl", Of([input, sizes, .. Halvings(2)])!.Family);
        Assert.Equal("sdxl-refiner", Of([input, sizes, .. Halvings(3)])!.Family);
        // The text encoder of SD 2 in the other spelling: the network tells.
        Assert.Equal("sd2", Of(input, (UNet + "middle_block.1.proj_in.weight", [1280, 1280]), ("cond_stage_model.transformer.text_model.encoder.layers.0.layer_norm1.weight", [1024]))!.Family);
    }

    [Fact]
    public void PartsAveragesAndInpaintingAreToldToo()
    {
        var kind = Of((UNet + "input_blocks.0.0.weight", [320, 9, 3, 3]), ("first_stage_model.decoder.conv_in.weight", [512, 4, 3, 3]), ("model_ema.decay", []))!;
        Assert.True(kind is { Inpainting: true, HoldsAverages: true });
        Assert.Equal(["unet", "vae"], kind.Parts);
    }

    [Fact]
    public void OtherFilesAreNone()
    {
        Assert.Null(Of(("lora_unet_conv_in.lora_down.weight", [1, 1])));
        Assert.Null(Of(("double_blocks.0.img_attn.qkv.weight", [1, 1])));
        Assert.Null(Of());
    }
}
