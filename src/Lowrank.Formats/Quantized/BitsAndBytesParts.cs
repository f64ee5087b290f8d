using System.Text;

namespace Lowrank.Formats;

/// <summary>The tensors that bitsandbytes keeps a rounded matrix in.</summary>
/// <param name="Format">"nf4", "fp4" or "int8".</param>
/// <param name="IsNested">Whether the blocks' magnitudes of 4 bits are rounded too (double quantisation).</param>
/// <param name="BlockSize">Values of a block of 4 bits.</param>
public sealed record BitsAndBytesParts(string Format, bool IsNested = false, int BlockSize = 64)
{
    /// <summary>The names of the formats.</summary>
    public static IReadOnlyList<string> Formats { get; } = [FourBitCode.Nf4.Name, FourBitCode.Fp4.Name, EightBits];

    internal const string EightBits = "int8";

    /// <summary>The dtype that is told as the weight's own, as torch calls it: "float16"; null tells that of the values.</summary>
    public string? Dtype { get; init; }

    bool IsEightBits => Format == EightBits;

    /// <summary>The settings that config.json has of it.</summary>
    /// <param name="dtype">In which dtype is computed, as torch calls it: "float16".</param>
    public IReadOnlyDictionary<string, object?> Settings(string dtype) => new OrderedDictionary<string, object?>
    {
        ["_load_in_4bit"] = !IsEightBits, ["_load_in_8bit"] = IsEightBits, ["bnb_4bit_compute_dtype"] = dtype,
        ["bnb_4bit_quant_storage"] = "uint8", ["bnb_4bit_quant_type"] = IsEightBits ? FourBitCode.Fp4.Name : Format,
        ["bnb_4bit_use_double_quant"] = IsNested, ["llm_int8_enable_fp32_cpu_offload"] = false, ["llm_int8_has_fp16_weight"] = false,
        ["llm_int8_skip_modules"] = null, ["llm_int8_threshold"] = 6.0, ["load_in_4bit"] = !IsEightBits, ["load_in_8bit"] = IsEightBits,
        ["quant_method"] = "bitsandbytes",
    };

    /// <summary>The tensors of a matrix, each made when it is read.</summary>
    /// <param name="weight">The matrix: its name, "model.layers.0.mlp.up_proj.weight", and its values.</param>
    /// <exception cref="LowrankException">A format that is not known.</exception>
    public IReadOnlyList<TensorSource> Of(TensorSource weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (!Formats.Contains(Format))
            throw new LowrankException($"bitsandbytes has no format '{Format}'; there are {string.Join(", ", Formats)}.");
        return IsEightBits ? Rows(weight) : Blocks(weight);
    }

    static TensorSource[] Rows(TensorSource weight)
    {
        string module = weight.Info.Name[..^"weight".Length];
        var made = new Once(weight, values =>
        {
            var (numbers, largest) = Int8Rows.Encode(values.to(ScalarType.Float16));
            return new() { [""] = numbers, ["SCB"] = largest };
        });
        return
        [
            made.Part(weight.Info with { Dtype = TensorDtype.I8 }, ""),
            made.Part(new(module + "SCB", TensorDtype.F32, [weight.Info.Shape[0]]), "SCB"),
            new(new(module + "weight_format", TensorDtype.U8, []), () => tensor((byte)0, ScalarType.Byte, CPU)),
        ];
    }

    List<TensorSource> Blocks(TensorSource weight)
    {
        string name = weight.Info.Name;
        var blocks = new FourBitBlocks(FourBitCode.Named(Format), BlockSize);
        long count = weight.Info.Count, groups = (count + BlockSize - 1) / BlockSize;
        const int Nested = 256;
        var made = new Once(weight, values =>
        {
            var (packed, largest) = blocks.Encode(values);
            var parts = new Dictionary<string, Tensor> { [""] = packed, [".absmax"] = largest };
            if (!IsNested)
            {
                parts[State] = StateOf(weight.Info, values.dtype, null);
                return parts;
            }
            var nested = NestedScales.Encode(largest, Nested);
            (parts[".absmax"], parts[".nested_absmax"]) = (nested.Codes, nested.Largest);
            parts[State] = StateOf(weight.Info, values.dtype, nested);
            return parts;
        });
        List<TensorSource> sources =
        [
            made.Part(new(name, TensorDtype.U8, [(count + 1) / 2, 1]), ""),
            made.Part(new(name + ".absmax", IsNested ? TensorDtype.U8 : TensorDtype.F32, [groups]), ".absmax"),
            new(new(name + ".quant_map", TensorDtype.F32, [16]), () => Map(blocks.Code.Values)),
        ];
        if (IsNested)
        {
            sources.Add(made.Part(new(name + ".nested_absmax", TensorDtype.F32, [(groups + Nested - 1) / Nested]), ".nested_absmax"));
            sources.Add(new(new(name + ".nested_quant_map", TensorDtype.F32, [256]), () => Map(DynamicMap.Signed)));
        }
        // Of double quantisation the state tells the mean, which only the values tell.
        using var scope = NewDisposeScope();
        long length = IsNested ? made.Peek(State).numel() : StateOf(weight.Info, weight.Info.Dtype.ReadAs(), null).numel();
        sources.Add(made.Part(new($"{name}.{FourBitState.Key}{Format}", TensorDtype.U8, [length]), State));
        return sources;
    }

    const string State = "state";

    Tensor StateOf(TensorInfo weight, ScalarType dtype, NestedScales? nested)
    {
        string shape = string.Join(", ", weight.Shape), type = Dtype ?? dtype.ToString().ToLowerInvariant();
        string json = $"{{\"quant_type\": \"{Format}\", \"blocksize\": {BlockSize}, \"dtype\": \"{type}\", \"shape\": [{shape}]";
        if (nested is not null)
            json += $", \"nested_blocksize\": {nested.BlockSize}, \"nested_dtype\": \"float32\", " +
                $"\"nested_offset\": {PythonFloat.Text(nested.Offset)}";
        return tensor(Encoding.UTF8.GetBytes(json + "}"), ScalarType.Byte, CPU);
    }

    static Tensor Map(IReadOnlyList<float> values) => tensor(values.ToArray(), ScalarType.Float32, CPU);

    // The parts are read one after the other: what was made for the first serves all.
    sealed class Once(TensorSource weight, Func<Tensor, Dictionary<string, Tensor>> make)
    {
        Dictionary<string, Tensor>? made;

        public TensorSource Part(TensorInfo info, string part) => new(info, () => Take(part)) { Expect = weight.Expect };

        /// <summary>One of them, which the caller disposes of; the others are made again.</summary>
        public Tensor Peek(string part)
        {
            using var scope = NewDisposeScope();
            return make(weight.Read())[part].MoveToOuterDisposeScope();
        }

        Tensor Take(string part)
        {
            if (made is null)
            {
                using var scope = NewDisposeScope();
                made = make(weight.Read());
                foreach (var tensor in made.Values) tensor.DetachFromDisposeScope();
            }
            var taken = made[part];
            made.Remove(part);
            if (made.Count == 0) made = null;
            return taken;
        }
    }
}
