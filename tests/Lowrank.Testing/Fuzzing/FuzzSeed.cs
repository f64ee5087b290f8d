namespace Lowrank.Testing.Fuzzing;

/// <summary>A file that is spoilt, again and again, and how.</summary>
/// <param name="Name">What it is, for whoever reads of a failure.</param>
/// <param name="FileName">Its name on the disk.</param>
/// <param name="Bytes">Its content.</param>
/// <param name="Mutations">Lists of ways to spoil it, each list as likely as another.</param>
public sealed record FuzzSeed(string Name, string FileName, byte[] Bytes, params IReadOnlyList<IReadOnlyList<Mutation>> Mutations)
{
    /// <summary>Files that lie beside it and stay as they are.</summary>
    public IReadOnlyList<(string Name, byte[] Bytes)> Beside { get; init; } = [];

    /// <summary>A file of safetensors.</summary>
    public static FuzzSeed Safetensors(string name, byte[] bytes, string fileName = "x.safetensors") =>
        new(name, fileName, bytes, SafetensorsMutations.All, SafetensorsMutations.All, ByteMutations.All);

    /// <summary>A zip archive of torch.save.</summary>
    public static FuzzSeed TorchZip(string name, byte[] bytes, string fileName = "x.pt") =>
        new(name, fileName, bytes, ZipMutations.OfPickle, ZipMutations.OfPickle, ZipMutations.All, ByteMutations.All);

    /// <summary>A pickle of torch.save as it was before version 1.6.</summary>
    public static FuzzSeed Legacy(string name, byte[] bytes, string fileName = "x.ckpt") =>
        new(name, fileName, bytes, PickleMutations.All, PickleMutations.All, ByteMutations.All);

    /// <summary>A text of JSON.</summary>
    public static FuzzSeed Json(string name, byte[] bytes, string fileName) =>
        new(name, fileName, bytes, JsonMutations.All, JsonMutations.All, ByteMutations.All);

    /// <summary>A file from the disk, as what its content says.</summary>
    public static FuzzSeed File(string path)
    {
        byte[] bytes = System.IO.File.ReadAllBytes(path);
        string name = Path.GetFileName(path);
        return bytes switch
        {
            [(byte)'P', (byte)'K', ..] => TorchZip(name, bytes, name),
            [0x80, <= 5, ..] => Legacy(name, bytes, name),
            _ => Safetensors(name, bytes, name),
        };
    }

    /// <summary>The file spoilt, and by what; the same for the same numbers.</summary>
    public (byte[] Bytes, string What) Spoil(Random random)
    {
        var (bytes, names) = (Bytes, new List<string>());
        // Most files with one fault: two of them often hide behind each other.
        for (int changes = random.Next(4) == 0 ? random.Next(2, 4) : 1; changes > 0; changes--)
        {
            var list = Mutations[random.Next(Mutations.Count)];
            var mutation = list[random.Next(list.Count)];
            if (mutation.Change(bytes, random) is not { } changed) mutation = ByteMutations.All[0] with { Name = $"{mutation.Name}, which has no place here" };
            else bytes = changed;
            names.Add(mutation.Name);
        }
        return (bytes, string.Join(" + ", names));
    }
}
