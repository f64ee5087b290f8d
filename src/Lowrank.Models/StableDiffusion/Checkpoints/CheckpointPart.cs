namespace Lowrank.Models;

/// <summary>One part of a checkpoint as its file in a diffusers folder would be: names, shapes and values of that layout, read from the
/// checkpoint when asked for.</summary>
sealed class CheckpointPart : TensorFileView
{
    readonly IReadOnlyDictionary<string, (string Key, Folding Folding)> places;
    readonly bool ownsFile;

    /// <param name="file">The checkpoint.</param>
    /// <param name="places">Where each tensor lies in it.</param>
    /// <param name="ownsFile">Whether it is closed with this part.</param>
    internal CheckpointPart(ITensorFile file, IReadOnlyDictionary<string, (string Key, Folding Folding)> places, bool ownsFile)
        : base(file)
    {
        this.places = places;
        this.ownsFile = ownsFile;
        var stored = file.Tensors.ToDictionary(tensor => tensor.Name);
        Tensors = [.. places.Select(place => Unfolded(place.Key, stored[place.Value.Key], place.Value.Folding))];
    }

    public override IReadOnlyList<TensorInfo> Tensors { get; }

    protected override string StoredName(string name) => Place(name).Key;

    protected override Tensor Seen(string name, Tensor stored) => Place(name).Folding.Unfold(stored);

    public override void Dispose()
    {
        if (ownsFile) base.Dispose();
    }

    static TensorInfo Unfolded(string name, TensorInfo stored, Folding folding) => new(name, stored.Dtype, folding.Unfold(stored.Shape));

    (string Key, Folding Folding) Place(string name)
    {
        if (places.TryGetValue(name, out var place)) return place;
        string nearest = string.Join(", ", NearestNames.To(name, places.Keys));
        throw new LowrankException($"{Path} holds no tensor for '{name}'; the nearest are {nearest}.");
    }
}
