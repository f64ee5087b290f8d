namespace Lowrank.Models;

/// <summary>One part of a checkpoint as its file in a diffusers folder would be: names, shapes and values of that layout, read from the
/// checkpoint when asked for.</summary>
sealed class CheckpointPart : ITensorFile
{
    readonly ITensorFile file;
    readonly IReadOnlyDictionary<string, (string Key, Folding Folding)> places;
    readonly bool ownsFile;

    /// <param name="file">The checkpoint.</param>
    /// <param name="places">Where each tensor lies in it.</param>
    /// <param name="ownsFile">Whether it is closed with this part.</param>
    internal CheckpointPart(ITensorFile file, IReadOnlyDictionary<string, (string Key, Folding Folding)> places, bool ownsFile)
    {
        this.file = file;
        this.places = places;
        this.ownsFile = ownsFile;
        var stored = file.Tensors.ToDictionary(tensor => tensor.Name);
        Tensors = [.. places.Select(place => Unfolded(place.Key, stored[place.Value.Key], place.Value.Folding))];
    }

    public string Path => file.Path;

    public string Container => file.Container;

    public IReadOnlyList<TensorInfo> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata => file.Metadata;

    public IReadOnlyList<string> Notes => file.Notes;

    public Tensor Read(string name)
    {
        var (key, folding) = Place(name);
        return folding.Unfold(file.Read(key));
    }

    public double ReadScalar(string name) => file.ReadScalar(Place(name).Key);

    public void Dispose()
    {
        if (ownsFile) file.Dispose();
    }

    static TensorInfo Unfolded(string name, TensorInfo stored, Folding folding) => new(name, stored.Dtype, folding.Unfold(stored.Shape));

    (string Key, Folding Folding) Place(string name)
    {
        if (places.TryGetValue(name, out var place)) return place;
        string nearest = string.Join(", ", NearestNames.To(name, places.Keys));
        throw new LowrankException($"{Path} holds no tensor for '{name}'; the nearest are {nearest}.");
    }
}
