namespace Lowrank.Bench;

/// <summary>Rows that belong together, with what a reader must know of them.</summary>
/// <param name="Name">As rows name it.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Meaning">How its figures are to be read.</param>
sealed record Section(string Name, string Title, string Meaning)
{
    public const string Training = "training", Attention = "attention", Methods = "methods", Merge = "merge", MergeFile = "merge-file",
        Rework = "rework", Files = "files", Checkpoint = "checkpoint", Memory = "memory", Pictures = "pictures", Language = "language",
        Scaling = "scaling";

    public static IReadOnlyList<Section> All { get; } =
    [
        new(Training, "Training steps",
            "LoRA of rank 8 on all attention and feed-forward projections: forward, backward, AdamW. What PEFT computes is written out " +
            "on the same libtorch and the same base with libtorch's own kernels, as it stands and under autocast. The base's passes are " +
            "its forward pass and the gradient of its input; what the adapter adds is the step without them. Memory is what the steps " +
            "add to model and adapter at rest."),
        new(Attention, "Attention",
            "Forward and backward, shapes as (batch, heads, tokens x keys, width of a head). The peer is libtorch's " +
            "`scaled_dot_product_attention` on the same tensors. Memory is what a pass adds, where it is much."),
        new(Methods, "Methods", "The same training step under other methods than LoRA, beside LoRA's."),
        new(Merge, "Merging in memory",
            "A LoRA of rank 32 and the weights of SD 1.5's UNet and text encoder. The limit reads and writes those weights once."),
        new(MergeFile, "Merging into a file",
            "A LoRA of rank 32 over all transformers, written to the disk beside a copy of the file. Memory is what the work adds to a " +
            "process at rest."),
        new(Rework, "Extracting and resizing",
            "kohya's way is written out on the same libtorch and measured on one layer of each shape, times their number. It decomposes " +
            "the whole matrix and cuts; the thin form leaves out what it cuts off anyway."),
        new(Files, "Adapter files", "Files of SD 1.5's shapes, read from the page cache."),
        new(Checkpoint, "Checkpoints", "A single file of SD XL's shapes: opening it, and converting it beside a copy."),
        new(Memory, "Memory of whole jobs", "Peak resident memory, and what it is held against."),
        new(Pictures, "Drawing pictures",
            "SD 1.5's shapes with random weights, one picture, ten steps of Euler with guidance. The peer computes as diffusers does, " +
            "written out on the same libtorch with its own kernels: all parts in memory from beginning to end, both sides of guidance in " +
            "one batch, the picture decoded whole. Memory is the whole process at its peak."),
        new(Language, "Language models",
            "SmolLM2 135M Instruct, greedy. The peer is llama.cpp (LLamaSharp 0.30.0) on the same GGUF file and as many threads, in " +
            "rounds that alternate; the file in bfloat16 holds the values of the one in blocks."),
        new(Scaling, "Growth", "Points of the curves; the theory is the peer."),
    ];
}
